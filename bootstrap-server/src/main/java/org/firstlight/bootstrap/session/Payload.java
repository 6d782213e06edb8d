package org.firstlight.bootstrap.session;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.node.codec.LwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.kit.plan.PlannedWrite;
import org.firstlight.objects.leshan.LeshanNodes;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/**
 * A write's payload and its content format.
 *
 * @param bytes overwritten by the session once they are sent
 */
record Payload(int contentFormat, byte[] bytes) {
  private static final LwM2mEncoder ENCODER = new DefaultLwM2mEncoder();

  /**
   * Opaque Resources go as they are; instances in the format that the device asked for if it is
   * SenML, else TLV, which every client of any version reads.
   */
  static Payload of(PlannedWrite write, OptionalInt preferred, LwM2mModel model) {
    LwM2mPath path = write.path();
    if (path.isResource() && write.values().get(path) instanceof TypedValue.Bytes opaque) {
      return new Payload(ContentFormat.OPAQUE_CODE, opaque.value());
    }
    ContentFormat format = format(preferred);
    Map<Integer, TypedValue> resources = new TreeMap<>();
    write.values().forEach((at, value) -> resources.put(at.resourceId(), value));
    byte[] bytes =
        ENCODER.encode(
            path.isResource()
                ? LeshanNodes.toNode(path, write.values().get(path))
                : LeshanNodes.toInstance(path.instanceId(), resources),
            format,
            LeshanNodes.toLeshan(path),
            model);
    return new Payload(format.getCode(), bytes);
  }

  private static ContentFormat format(OptionalInt preferred) {
    return switch (preferred.orElse(ContentFormat.TLV_CODE)) {
      case ContentFormat.SENML_JSON_CODE -> ContentFormat.SENML_JSON;
      case ContentFormat.SENML_CBOR_CODE -> ContentFormat.SENML_CBOR;
      default -> ContentFormat.TLV;
    };
  }

  @Override
  public String toString() {
    return "Payload[%d bytes]".formatted(bytes.length);
  }
}
