package org.firstlight.dm.operation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.TimestampedLwM2mNode;
import org.eclipse.leshan.core.node.codec.CodecException;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.node.codec.LwM2mDecoder;
import org.eclipse.leshan.core.node.codec.LwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.objects.leshan.LeshanNodes;
import org.firstlight.objects.leshan.PlainSenml;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/** Values to and from payloads, as one device's models have them; Leshan's codecs do the work. */
final class DeviceCodec {
  /** With the formats from before 1.0 (1541 to 1543), which some devices still answer in. */
  private static final LwM2mDecoder DECODER = new DefaultLwM2mDecoder(true);

  private static final LwM2mEncoder ENCODER = new DefaultLwM2mEncoder();

  private final LwM2mModel model;

  DeviceCodec(LwM2mModel model) {
    this.model = model;
  }

  /**
   * A payload for what is written at the path of an Object Instance, a Resource or a Resource
   * Instance.
   *
   * @throws CodecException if the format cannot hold it
   */
  byte[] encode(LwM2mPath path, Map<LwM2mPath, TypedValue> values, ContentFormat format) {
    return ENCODER.encode(node(path, values), format, LeshanNodes.toLeshan(path), model);
  }

  private static LwM2mNode node(LwM2mPath path, Map<LwM2mPath, TypedValue> values) {
    TypedValue whole = values.get(path);
    if (whole != null) {
      return LeshanNodes.toNode(path, whole);
    }
    if (path.isResource()) {
      return LeshanNodes.toResource(path.resourceId(), new TypedValue.Many(instances(values)));
    }
    return LeshanNodes.toInstance(path.instanceId(), resources(values));
  }

  private static Map<Integer, TypedValue> instances(Map<LwM2mPath, TypedValue> values) {
    Map<Integer, TypedValue> instances = new TreeMap<>();
    values.forEach((path, value) -> instances.put(path.resourceInstanceId(), value));
    return instances;
  }

  private static Map<Integer, TypedValue> resources(Map<LwM2mPath, TypedValue> values) {
    Map<Integer, TypedValue> resources = new TreeMap<>();
    Map<Integer, Map<LwM2mPath, TypedValue>> ofMultiple = new TreeMap<>();
    values.forEach(
        (path, value) -> {
          if (path.isResourceInstance()) {
            ofMultiple.computeIfAbsent(path.resourceId(), id -> new TreeMap<>()).put(path, value);
          } else {
            resources.put(path.resourceId(), value);
          }
        });
    ofMultiple.forEach((id, members) -> resources.put(id, new TypedValue.Many(instances(members))));
    return resources;
  }

  /**
   * What a response or notification holds; of several samples of one value, the newest.
   *
   * @throws CodecException if it cannot be read
   */
  SortedMap<LwM2mPath, TypedValue> decode(LwM2mPath path, Response response) {
    ContentFormat format =
        response.getOptions().hasContentFormat()
            ? ContentFormat.fromCode(response.getOptions().getContentFormat())
            : path.depth() >= 3 ? ContentFormat.TEXT : ContentFormat.TLV;
    List<TimestampedLwM2mNode> samples =
        DECODER.decodeTimestampedData(
            response.getPayload(), format, LeshanNodes.toLeshan(path), model);
    return Optional.of(samples)
        .filter(all -> !all.isEmpty())
        .map(all -> LeshanNodes.values(path, all.get(0).getNode()))
        .orElseGet(TreeMap::new);
  }

  /**
   * The values of a Send, each at its own path; of several samples of one value, the newest.
   *
   * @throws CodecException if it cannot be read
   */
  Map<LwM2mPath, TypedValue> decodeSend(int contentFormat, byte[] payload) {
    ContentFormat format = ContentFormat.fromCode(contentFormat);
    return PlainSenml.read(format, payload, model).orElseGet(() -> decodeAny(format, payload));
  }

  private Map<LwM2mPath, TypedValue> decodeAny(ContentFormat format, byte[] payload) {
    Map<LwM2mPath, TypedValue> values = new TreeMap<>();
    DECODER
        .decodeTimestampedNodes(payload, format, null, model)
        .getNodes()
        .forEach(
            (path, node) -> values.putAll(LeshanNodes.values(LeshanNodes.fromLeshan(path), node)));
    return values;
  }
}
