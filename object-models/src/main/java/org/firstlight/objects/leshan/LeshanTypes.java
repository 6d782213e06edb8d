package org.firstlight.objects.leshan;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import org.eclipse.leshan.core.link.DefaultLinkParser;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.Link;
import org.eclipse.leshan.core.link.LinkParseException;
import org.eclipse.leshan.core.model.ResourceModel.Type;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.CoreLinks;
import org.firstlight.objects.value.TypedValue.Flag;
import org.firstlight.objects.value.TypedValue.Moment;
import org.firstlight.objects.value.TypedValue.ObjectLink;
import org.firstlight.objects.value.TypedValue.Real;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;
import org.firstlight.objects.value.ValueType;

/** Data types and their single values to and from the ones that Leshan's nodes hold. */
final class LeshanTypes {
  private LeshanTypes() {}

  static Type toLeshan(ValueType type) {
    return switch (type) {
      case NONE -> Type.NONE;
      case STRING -> Type.STRING;
      case INTEGER -> Type.INTEGER;
      case UNSIGNED_INTEGER -> Type.UNSIGNED_INTEGER;
      case FLOAT -> Type.FLOAT;
      case BOOLEAN -> Type.BOOLEAN;
      case TIME -> Type.TIME;
      case OPAQUE -> Type.OPAQUE;
      case OBJLNK -> Type.OBJLNK;
      case CORELNK -> Type.CORELINK;
    };
  }

  static ValueType fromLeshan(Type type) {
    return switch (type) {
      case NONE -> ValueType.NONE;
      case STRING -> ValueType.STRING;
      case INTEGER -> ValueType.INTEGER;
      case UNSIGNED_INTEGER -> ValueType.UNSIGNED_INTEGER;
      case FLOAT -> ValueType.FLOAT;
      case BOOLEAN -> ValueType.BOOLEAN;
      case TIME -> ValueType.TIME;
      case OPAQUE -> ValueType.OPAQUE;
      case OBJLNK -> ValueType.OBJLNK;
      case CORELINK -> ValueType.CORELNK;
    };
  }

  /** What Leshan's nodes hold for this single value. */
  static Object content(TypedValue value) {
    if (value instanceof Text text) {
      return text.value();
    } else if (value instanceof Whole whole) {
      return whole.value();
    } else if (value instanceof Unsigned unsigned) {
      return ULong.valueOf(unsigned.bits());
    } else if (value instanceof Real real) {
      return real.value();
    } else if (value instanceof Flag flag) {
      return flag.value();
    } else if (value instanceof Moment moment) {
      return Date.from(moment.value());
    } else if (value instanceof Bytes bytes) {
      return bytes.value();
    } else if (value instanceof ObjectLink link) {
      return new org.eclipse.leshan.core.node.ObjectLink(link.objectId(), link.instanceId());
    } else if (value instanceof CoreLinks links) {
      return parse(links);
    }
    throw new IllegalArgumentException("several values where one is held");
  }

  private static Link[] parse(CoreLinks links) {
    try {
      return new DefaultLinkParser()
          .parseCoreLinkFormat(links.value().getBytes(StandardCharsets.UTF_8));
    } catch (LinkParseException malformed) {
      throw new IllegalArgumentException("the links are not in the CoRE Link Format", malformed);
    }
  }

  /** The value that one of Leshan's nodes holds. */
  static TypedValue value(Type type, Object content) {
    return switch (type) {
      case STRING -> new Text((String) content);
      case INTEGER -> new Whole((Long) content);
      case UNSIGNED_INTEGER -> new Unsigned(((ULong) content).longValue());
      case FLOAT -> new Real((Double) content);
      case BOOLEAN -> new Flag((Boolean) content);
      case TIME -> new Moment(((Date) content).toInstant());
      case OPAQUE -> new Bytes((byte[]) content);
      case OBJLNK -> {
        var link = (org.eclipse.leshan.core.node.ObjectLink) content;
        yield new ObjectLink(link.getObjectId(), link.getObjectInstanceId());
      }
      case CORELINK ->
          new CoreLinks(new DefaultLinkSerializer().serializeCoreLinkFormat((Link[]) content));
      case NONE -> throw new IllegalArgumentException("a node without a type");
    };
  }
}
