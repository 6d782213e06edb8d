package org.firstlight.dm.operation;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** How an {@link Operation} ended. */
public sealed interface OperationResult {
  /**
   * The device did it.
   *
   * @param values what it answered, by Resource path; a multiple Resource as {@code Many}
   * @param hidden paths it answered for whose values are secrets: they are not in {@code values}
   * @param links what a Discover found, CoRE link format; empty otherwise
   * @param coapCode as "2.05"
   */
  record Done(
      Map<LwM2mPath, TypedValue> values, Set<LwM2mPath> hidden, String links, String coapCode)
      implements OperationResult {
    public Done {
      SortedMap<LwM2mPath, TypedValue> sorted = new TreeMap<>(values);
      values = Collections.unmodifiableMap(sorted);
      hidden = Collections.unmodifiableSet(new TreeSet<>(hidden));
    }
  }

  /** It did not, or nobody knows ({@code OUTCOME_UNKNOWN}). */
  record Failed(Failure failure) implements OperationResult {}
}
