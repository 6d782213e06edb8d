package org.firstlight.simulator.crowd;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObject;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.eclipse.leshan.core.node.codec.LwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.leshan.LeshanNodes;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.simulator.objects.LwM2mRelease;

/** What a device of the crowd has to say of itself: the same few values of each. */
final class DeviceValues {
  /** What it registers with, and tells a Bootstrap-Discover. */
  static final String LINKS =
      "</>;rt=\"oma.lwm2m\";ct=112,</1/0>,</3/0>,</4/0>,</10/0>,</11/0>,</13/0>,</505/0>";

  static final String BOOTSTRAP_LINKS =
      "</>;lwm2m=1.1,</0/0>,</1>,</2>,</3/0>,</4/0>,</10/0>,</11>,</13/0>,</505/0>";

  private static final LwM2mEncoder ENCODER = LwM2mRelease.V1_1.encoder();
  private static final LwM2mModel MODEL = new StaticModel(LwM2mRelease.V1_1.models().values());
  private static final int NO_FORMAT = -1;

  private final Map<Integer, Map<Integer, TypedValue>> objects = new TreeMap<>();

  DeviceValues(String serialNumber) {
    objects.put(
        3,
        Map.of(
            0, new TypedValue.Text("Acme"),
            1, new TypedValue.Text("Crowd"),
            2, new TypedValue.Text(serialNumber),
            3, new TypedValue.Text("1.0.0"),
            9, new TypedValue.Whole(87),
            16, new TypedValue.Text("U")));
    objects.put(
        4,
        Map.of(
            0, new TypedValue.Whole(7),
            2, new TypedValue.Whole(-92),
            8, new TypedValue.Whole(4711)));
    objects.put(13, Map.of(6, new TypedValue.Text("26201"), 7, new TypedValue.Flag(false)));
  }

  /** A Read's answer. */
  record Content(int format, byte[] payload) {}

  /** Empty where there is nothing, or nothing in that format. */
  Optional<Content> read(LwM2mPath path, int accept) {
    ContentFormat format =
        accept != NO_FORMAT
            ? ContentFormat.fromCode(accept)
            : path.isResource() ? ContentFormat.TEXT : ContentFormat.TLV;
    try {
      return node(path)
          .map(node -> new Content(format.getCode(), ENCODER.encode(node, format, path, MODEL)));
    } catch (CodecException unspoken) {
      return Optional.empty();
    }
  }

  private Optional<LwM2mNode> node(LwM2mPath path) {
    Map<Integer, TypedValue> values = path.isRoot() ? null : objects.get(path.getObjectId());
    if (values == null || path.isObjectInstance() && path.getObjectInstanceId() != 0) {
      return Optional.empty();
    }
    if (path.isResource()) {
      return Optional.ofNullable(values.get(path.getResourceId()))
          .map(value -> LeshanNodes.toResource(path.getResourceId(), value));
    }
    LwM2mNode instance = LeshanNodes.toInstance(0, values);
    return path.isObject()
        ? Optional.of(
            new LwM2mObject(
                path.getObjectId(), (org.eclipse.leshan.core.node.LwM2mObjectInstance) instance))
        : path.isObjectInstance() ? Optional.of(instance) : Optional.empty();
  }
}
