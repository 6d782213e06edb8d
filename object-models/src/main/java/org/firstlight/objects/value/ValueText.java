package org.firstlight.objects.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.CoreLinks;
import org.firstlight.objects.value.TypedValue.Flag;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Moment;
import org.firstlight.objects.value.TypedValue.ObjectLink;
import org.firstlight.objects.value.TypedValue.Real;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;

/**
 * The text form of values, in the API and in configuration documents. What {@link #format} writes,
 * the parsers read back to the same value.
 *
 * <ul>
 *   <li>String, Corelnk: the text itself
 *   <li>Integer, Unsigned Integer, Float: decimal, {@code 42}, {@code -1.5e3}
 *   <li>Boolean: {@code true} or {@code false}
 *   <li>Time: {@code 2026-05-01T12:00:00Z}, or whole seconds since 1970
 *   <li>Opaque: {@code hex:0aff} or {@code base64:Cv8=}
 *   <li>Objlnk: {@code objectId:instanceId}
 *   <li>a multiple Resource: {@code 0=first,1=second}; a comma or a backslash in a value has a
 *       backslash before it
 * </ul>
 */
public final class ValueText {
  private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,20}");
  private static final Pattern REAL =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");
  private static final Pattern LINK = Pattern.compile("(\\d{1,5}):(\\d{1,5})");
  private static final int MAX_NUMBER_LENGTH = 400;

  private ValueText() {}

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException says what was expected; never repeats the text
   */
  public static TypedValue parse(ValueType type, String text) {
    return switch (type) {
      case NONE -> throw new IllegalArgumentException("holds no value");
      case STRING -> new Text(text);
      case CORELNK -> new CoreLinks(text);
      case INTEGER -> new Whole(whole(text));
      case UNSIGNED_INTEGER -> new Unsigned(unsigned(text));
      case FLOAT -> new Real(real(text));
      case BOOLEAN -> new Flag(flag(text));
      case TIME -> new Moment(moment(text));
      case OPAQUE -> new Bytes(bytes(text));
      case OBJLNK -> link(text);
    };
  }

  /**
   * Reads the Resource Instances of a multiple Resource.
   *
   * @throws IllegalArgumentException says what was expected; never repeats the text
   */
  public static Many parseMany(ValueType type, String text) {
    Map<Integer, TypedValue> values = new TreeMap<>();
    for (String pair : text.isEmpty() ? List.<String>of() : splitPairs(text)) {
      int equals = pair.indexOf('=');
      String id = equals < 0 ? "" : pair.substring(0, equals);
      if (!id.matches("0|[1-9]\\d{0,4}")) {
        throw new IllegalArgumentException(
            "holds several values, written as id=value,id=value with ids of 0..65535");
      }
      TypedValue previous =
          values.put(Integer.valueOf(id), parse(type, pair.substring(equals + 1)));
      if (previous != null) {
        throw new IllegalArgumentException("has two values for Resource Instance " + id);
      }
    }
    return new Many(values);
  }

  /** Splits at commas, and takes the backslashes away. */
  private static List<String> splitPairs(String text) {
    List<String> pairs = new ArrayList<>();
    StringBuilder pair = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        if (++i == text.length()) {
          throw new IllegalArgumentException("ends in a backslash that stands before nothing");
        }
        pair.append(text.charAt(i));
      } else if (c == ',') {
        pairs.add(pair.toString());
        pair.setLength(0);
      } else {
        pair.append(c);
      }
    }
    pairs.add(pair.toString());
    return pairs;
  }

  /** Writes a value as text. This shows secrets: it is for who may read them. */
  public static String format(TypedValue value) {
    // a switch over the sealed type, once the floor is Java 21
    if (value instanceof Text text) {
      return text.value();
    } else if (value instanceof CoreLinks links) {
      return links.value();
    } else if (value instanceof Whole whole) {
      return Long.toString(whole.value());
    } else if (value instanceof Unsigned unsigned) {
      return Long.toUnsignedString(unsigned.bits());
    } else if (value instanceof Real real) {
      return Double.toString(real.value());
    } else if (value instanceof Flag flag) {
      return Boolean.toString(flag.value());
    } else if (value instanceof Moment moment) {
      return moment.value().toString();
    } else if (value instanceof Bytes bytes) {
      return "hex:" + HexFormat.of().formatHex(bytes.value());
    } else if (value instanceof ObjectLink link) {
      return link.objectId() + ":" + link.instanceId();
    } else if (value instanceof Many many) {
      return many.values().entrySet().stream()
          .map(entry -> entry.getKey() + "=" + escape(format(entry.getValue())))
          .collect(Collectors.joining(","));
    }
    throw new AssertionError("a kind of value without a text form");
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace(",", "\\,");
  }

  private static long whole(String text) {
    if (WHOLE.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException beyond64Bits) {
        // said below
      }
    }
    throw new IllegalArgumentException("is not a whole number of 64 bits");
  }

  private static long unsigned(String text) {
    if (WHOLE.matcher(text).matches() && !text.startsWith("-")) {
      try {
        return Long.parseUnsignedLong(text);
      } catch (NumberFormatException beyond64Bits) {
        // said below
      }
    }
    throw new IllegalArgumentException("is not a whole number of 0..18446744073709551615");
  }

  private static double real(String text) {
    if (text.length() <= MAX_NUMBER_LENGTH && REAL.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw new IllegalArgumentException("is not a decimal number of double precision");
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static Instant moment(String text) {
    try {
      return WHOLE.matcher(text).matches()
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeException | NumberFormatException notATime) {
      throw new IllegalArgumentException(
          "is not a time such as 2026-05-01T12:00:00Z, nor whole seconds since 1970");
    }
  }

  private static byte[] bytes(String text) {
    try {
      if (text.startsWith("hex:")) {
        return HexFormat.of().parseHex(text.substring("hex:".length()));
      }
      if (text.startsWith("base64:")) {
        return Base64.getDecoder().decode(text.substring("base64:".length()));
      }
    } catch (IllegalArgumentException undecodable) {
      // its message would show a part of the value
    }
    throw new IllegalArgumentException("is not bytes as hex:… or base64:…");
  }

  private static ObjectLink link(String text) {
    var matcher = LINK.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a link as objectId:instanceId");
    }
    return new ObjectLink(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }
}
