package org.firstlight.dm.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.kit.http.Json;

/** What differs between two versions of a plan, field by field. */
public final class PlanComparison {
  private static final String SECRET = "a secret";

  /** What a version is called by, not what it says. */
  private static final Set<String> NOT_COMPARED =
      Set.of("id", "version", "comment", "savedAt", "savedBy");

  private PlanComparison() {}

  /**
   * @param path of the field in the document, as {@code apns.0.1}
   * @param before its text in the first version; empty where it has none
   * @param after in the second
   */
  public record Difference(String path, Optional<String> before, Optional<String> after) {}

  /** By path. A secret is never shown: that it differs, and no more. */
  public static List<Difference> of(OnboardingPlan before, OnboardingPlan after) {
    Map<String, String> first = fields(before);
    Map<String, String> second = fields(after);
    Set<String> paths = new TreeSet<>(first.keySet());
    paths.addAll(second.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String path : paths) {
      Optional<String> was = Optional.ofNullable(first.get(path));
      Optional<String> is = Optional.ofNullable(second.get(path));
      if (!was.equals(is) || (is.equals(Optional.of(SECRET)) && differs(path, before, after))) {
        differences.add(new Difference(path, was, is));
      }
    }
    return differences;
  }

  /** One that was kept has the same ciphertext, one that was written anew has another. */
  private static boolean differs(String path, OnboardingPlan before, OnboardingPlan after) {
    String[] names = path.split("\\.");
    String at = "/11/%s/%s".formatted(names[1], names[2]);
    return !before.secret(at).equals(after.secret(at));
  }

  private static Map<String, String> fields(OnboardingPlan plan) {
    Map<String, String> fields = new TreeMap<>();
    ObjectNode document = Json.tree(PlanDocument.of(plan, 0));
    document.remove(NOT_COMPARED);
    flatten("", document, fields);
    return fields;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject() && node.path("secret").isBoolean()) {
      into.put(path, SECRET);
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  flatten(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      into));
    } else if (node.isArray()) {
      List<String> items = new ArrayList<>();
      node.forEach(item -> items.add(item.asText()));
      if (!items.isEmpty()) {
        into.put(path, String.join(", ", items));
      }
    } else if (!node.isNull()) {
      into.put(path, node.asText());
    }
  }
}
