package org.firstlight.dm.operation;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/**
 * Takes secrets out of what a device told.
 *
 * @param shown values that may be shown and stored
 * @param hidden paths whose values were taken out
 */
public record Hiding(SortedMap<LwM2mPath, TypedValue> shown, SortedSet<LwM2mPath> hidden) {
  /** Secret by their nature: keys, APN and subscription credentials, activation codes. */
  private static final Map<Integer, Set<Integer>> BY_NATURE =
      Map.of(
          0, Set.of(3, 5, 14, 15),
          11, Set.of(5, 6),
          504, Set.of(3, 17),
          505, Set.of(3, 4),
          3443, Set.of(2));

  /**
   * @param configured where a configuration has a secret
   */
  public static Hiding in(Map<LwM2mPath, TypedValue> values, Set<LwM2mPath> configured) {
    SortedMap<LwM2mPath, TypedValue> shown = new TreeMap<>();
    SortedSet<LwM2mPath> hidden = new TreeSet<>();
    values.forEach(
        (path, value) -> {
          if (isSecret(path, configured)) {
            hidden.add(path);
          } else {
            shown.put(path, value);
          }
        });
    return new Hiding(shown, hidden);
  }

  private static boolean isSecret(LwM2mPath path, Set<LwM2mPath> configured) {
    return BY_NATURE.getOrDefault(path.objectId(), Set.of()).contains(path.resourceId())
        || configured.stream()
            .anyMatch(secret -> secret.startsWith(path) || path.startsWith(secret));
  }
}
