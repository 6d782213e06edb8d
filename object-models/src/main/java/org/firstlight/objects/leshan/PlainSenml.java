package org.firstlight.objects.leshan;

import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.ResourceModel;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.ObjectLink;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.util.datatype.NumberUtil;
import org.eclipse.leshan.senml.SenMLDecoder;
import org.eclipse.leshan.senml.SenMLException;
import org.eclipse.leshan.senml.SenMLRecord;
import org.eclipse.leshan.senml.cbor.upokecenter.SenMLCborUpokecenterEncoderDecoder;
import org.eclipse.leshan.senml.json.jackson.SenMLJsonJacksonEncoderDecoder;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * Reads SenML (RFC 8428) as most devices send it: Resources that the model knows, without a time.
 * Leshan's decoder reads all there is, and works out what time it is for each payload, by an exact
 * division that takes a quarter of a busy server's time.
 */
public final class PlainSenml {
  private static final SenMLDecoder JSON = new SenMLJsonJacksonEncoderDecoder();
  private static final SenMLDecoder CBOR = new SenMLCborUpokecenterEncoderDecoder();

  /**
   * The values by the path of their Resource; empty for what is not plain or cannot be read, which
   * is for Leshan's decoder to read or to refuse.
   */
  public static Optional<Map<LwM2mPath, TypedValue>> read(
      ContentFormat format, byte[] payload, LwM2mModel model) {
    boolean json = format.equals(ContentFormat.SENML_JSON);
    if (!json && !format.equals(ContentFormat.SENML_CBOR)) {
      return Optional.empty();
    }
    try {
      Map<LwM2mPath, TypedValue> values = new TreeMap<>();
      String base = "";
      for (SenMLRecord record : (json ? JSON : CBOR).fromSenML(payload).getRecords()) {
        base = record.getBaseName() == null ? base : record.getBaseName();
        LwM2mPath path = path(base, record.getName());
        Optional<TypedValue> value = value(path, record, model, json);
        if (value.isEmpty() || values.put(path, value.get()) != null) {
          return Optional.empty();
        }
      }
      return values.isEmpty() ? Optional.empty() : Optional.of(values);
    } catch (SenMLException | RuntimeException notPlain) {
      return Optional.empty();
    }
  }

  private static LwM2mPath path(String base, @Nullable String name) {
    return LwM2mPath.parse(name == null ? base : base + name);
  }

  private static Optional<TypedValue> value(
      LwM2mPath path, SenMLRecord record, LwM2mModel model, boolean permissive) {
    if (record.getTime() != null || record.getBaseTime() != null || !path.isResource()) {
      return Optional.empty();
    }
    ResourceModel known = model.getResourceModel(path.objectId(), path.resourceId());
    if (known == null || known.type == null) {
      return Optional.empty();
    }
    Object content = content(known.type, record.getResourceValue(), permissive);
    return content == null
        ? Optional.empty()
        : Optional.of(
            LeshanNodes.value(
                LwM2mSingleResource.newResource(path.resourceId(), content, known.type)));
  }

  /** As Leshan has it; null for a type that is not plain. */
  private static @Nullable Object content(Type type, Object value, boolean permissive) {
    return switch (type) {
      case INTEGER -> NumberUtil.numberToLong((Number) value, permissive);
      case UNSIGNED_INTEGER -> NumberUtil.numberToULong((Number) value, permissive);
      case FLOAT -> NumberUtil.numberToDouble((Number) value, permissive);
      case TIME -> new Date(NumberUtil.numberToLong((Number) value, permissive) * 1000L);
      case BOOLEAN, OPAQUE, STRING -> value;
      case OBJLNK -> ObjectLink.decodeFromString((String) value);
      default -> null;
    };
  }

  private PlainSenml() {}
}
