package org.firstlight.dm.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/**
 * The content formats to try with a device, best first: by its version, and by what its Register
 * says it can speak (LwM2M Core 1.1.1 §7.4).
 */
final class Formats {
  private Formats() {}

  static List<ContentFormat> forWrite(
      String version, Set<Integer> spoken, LwM2mPath path, TypedValue value) {
    List<ContentFormat> formats = new ArrayList<>(structured(version, spoken));
    boolean single = path.depth() >= 3 && !(value instanceof TypedValue.Many);
    if (single) {
      formats.add(value instanceof TypedValue.Bytes ? ContentFormat.OPAQUE : ContentFormat.TEXT);
    }
    return formats;
  }

  /** For more than one value at once, and to be asked for in answers. */
  static List<ContentFormat> structured(String version, Set<Integer> spoken) {
    if (version.equals("1.0")) {
      return List.of(ContentFormat.TLV);
    }
    return spoken.contains(ContentFormat.SENML_CBOR_CODE)
        ? List.of(ContentFormat.SENML_CBOR, ContentFormat.TLV)
        : List.of(ContentFormat.TLV, ContentFormat.SENML_CBOR);
  }
}
