package org.firstlight.kit.plan;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/**
 * One Bootstrap-Write.
 *
 * @param path of an Object Instance, or of the one Resource that is written
 * @param values by the path of their Resource, in order
 * @param required whether a refusal fails the session; else it is noted
 * @param why where its values come from, for people
 */
public record PlannedWrite(
    LwM2mPath path, SortedMap<LwM2mPath, TypedValue> values, boolean required, String why) {
  public PlannedWrite {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  PlannedWrite with(Map<Integer, TypedValue> resources) {
    SortedMap<LwM2mPath, TypedValue> all = new TreeMap<>(values);
    resources.forEach((id, value) -> all.put(path.child(id), value));
    return new PlannedWrite(path, all, required, why);
  }
}
