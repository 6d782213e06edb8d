package org.firstlight.objects.value;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.firstlight.objects.path.LwM2mPath;

/**
 * Value of a Resource or a Resource Instance. {@code toString()} shows no content of strings and
 * bytes, as they may be secrets: use {@link ValueText} where the content is wanted.
 */
public sealed interface TypedValue {
  /** The type of this value; of {@link Many}, that of its members, NONE when it has none. */
  ValueType type();

  record Text(String value) implements TypedValue {
    @Override
    public ValueType type() {
      return ValueType.STRING;
    }

    @Override
    public String toString() {
      return "Text[%d characters]".formatted(value.length());
    }
  }

  record Whole(long value) implements TypedValue {
    @Override
    public ValueType type() {
      return ValueType.INTEGER;
    }
  }

  /**
   * @param bits the 64 bits of a number of 0..2^64-1, as {@link Long#toUnsignedString(long)} reads
   *     them
   */
  record Unsigned(long bits) implements TypedValue {
    @Override
    public ValueType type() {
      return ValueType.UNSIGNED_INTEGER;
    }

    @Override
    public String toString() {
      return "Unsigned[%s]".formatted(Long.toUnsignedString(bits));
    }
  }

  record Real(double value) implements TypedValue {
    @Override
    public ValueType type() {
      return ValueType.FLOAT;
    }
  }

  record Flag(boolean value) implements TypedValue {
    @Override
    public ValueType type() {
      return ValueType.BOOLEAN;
    }
  }

  /** LwM2M time counts whole seconds: the fraction is cut off. */
  record Moment(Instant value) implements TypedValue {
    public Moment {
      value = value.truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public ValueType type() {
      return ValueType.TIME;
    }
  }

  record Bytes(byte[] value) implements TypedValue {
    public Bytes {
      value = value.clone();
    }

    @Override
    public byte[] value() {
      return value.clone();
    }

    public int length() {
      return value.length;
    }

    @Override
    public ValueType type() {
      return ValueType.OPAQUE;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[%d bytes]".formatted(value.length);
    }
  }

  /** A link to an Object Instance; 65535:65535 links to nothing (LwM2M Core 1.1.1 Appendix C). */
  record ObjectLink(int objectId, int instanceId) implements TypedValue {
    public static final ObjectLink NOWHERE = new ObjectLink(LwM2mPath.MAX_ID, LwM2mPath.MAX_ID);

    public ObjectLink {
      requireId(objectId);
      requireId(instanceId);
      if ((objectId == LwM2mPath.MAX_ID) != (instanceId == LwM2mPath.MAX_ID)) {
        throw new IllegalArgumentException("65535 stands in both halves of a link, or in neither");
      }
    }

    @Override
    public ValueType type() {
      return ValueType.OBJLNK;
    }
  }

  /**
   * @param value links in the CoRE Link Format (RFC 6690)
   */
  record CoreLinks(String value) implements TypedValue {
    @Override
    public ValueType type() {
      return ValueType.CORELNK;
    }

    @Override
    public String toString() {
      return "CoreLinks[%d characters]".formatted(value.length());
    }
  }

  /**
   * The Resource Instances of a multiple Resource, by their ID and in its order. All are of one
   * type; there may be none.
   */
  record Many(Map<Integer, TypedValue> values) implements TypedValue {
    public Many {
      SortedMap<Integer, TypedValue> sorted = new TreeMap<>(values);
      sorted.keySet().forEach(TypedValue::requireId);
      if (sorted.values().stream().anyMatch(Many.class::isInstance)) {
        throw new IllegalArgumentException("a Resource Instance holds one value");
      }
      if (sorted.values().stream().map(TypedValue::type).distinct().count() > 1) {
        throw new IllegalArgumentException("Resource Instances of one Resource differ in type");
      }
      values = Collections.unmodifiableMap(sorted);
    }

    @Override
    public ValueType type() {
      return values.values().stream().findFirst().map(TypedValue::type).orElse(ValueType.NONE);
    }
  }

  private static void requireId(int id) {
    if (id < 0 || id > LwM2mPath.MAX_ID) {
      throw new IllegalArgumentException("ID %d is outside 0..65535".formatted(id));
    }
  }
}
