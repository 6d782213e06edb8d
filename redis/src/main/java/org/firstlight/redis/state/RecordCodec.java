package org.firstlight.redis.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.redis.pipeline.Bytes;

/**
 * A record as Redis holds it: {@code <version> <format version> <json>}, the JSON packed for kinds
 * of which each device has some. The version stands in front where scripts can read it; they write
 * it too.
 */
final class RecordCodec {
  /** What was found where a record should be. */
  sealed interface Decoded<T> {
    record Good<T>(Stored<T> record) implements Decoded<T> {}

    sealed interface Unreadable<T> extends Decoded<T> {
      String reason();
    }

    /** Nobody can read it, now or later. */
    record Bad<T>(String reason) implements Unreadable<T> {}

    /** A later release wrote it, and can read it. */
    record Newer<T>(String reason) implements Unreadable<T> {}
  }

  /**
   * Stored as {@link Packing} has it since the format that is current now. None of them holds what
   * is secret: how well that packs beside what others can choose would tell about it.
   */
  private static final Set<String> PACKED =
      Set.of(Kinds.DEVICE.word(), Kinds.JOURNEY.word(), Kinds.SESSION.word());

  private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

  /** Format version and JSON. */
  static <T> byte[] encode(Kind<T> kind, T value) {
    try {
      byte[] json = RecordJson.MAPPER.writeValueAsBytes(value);
      byte[] format = Bytes.of(kind.formatVersion() + " ");
      byte[] body = PACKED.contains(kind.word()) ? Packing.pack(json) : json;
      byte[] stored = Arrays.copyOf(format, format.length + body.length);
      System.arraycopy(body, 0, stored, format.length, body.length);
      return stored;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a record of kind " + kind.word() + " has no JSON form", e);
    }
  }

  static <T> Decoded<T> decode(Kind<T> kind, String id, byte[] stored) {
    int first = indexOfSpace(stored, 0);
    int second = first < 0 ? -1 : indexOfSpace(stored, first + 1);
    if (second < 0) {
      return new Decoded.Bad<>("it has no version in front");
    }
    try {
      long version = Long.parseLong(ascii(stored, 0, first));
      int format = Integer.parseInt(ascii(stored, first + 1, second));
      if (format > kind.formatVersion()) {
        return new Decoded.Newer<>(
            "its format is %d, this release reads up to %d"
                .formatted(format, kind.formatVersion()));
      }
      if (format < 1) {
        return new Decoded.Bad<>("its format is %d".formatted(format));
      }
      boolean packed = Packing.isPacked(stored, second + 1);
      if (packed && !Packing.isKnown(stored, second + 1)) {
        return new Decoded.Newer<>("it is packed as this release does not know");
      }
      byte[] json = packed ? Packing.unpack(stored, second + 1) : stored;
      int start = packed ? 0 : second + 1;
      T value =
          format == kind.formatVersion()
              ? RecordJson.MAPPER.readerFor(kind.type()).readValue(json, start, json.length - start)
              : upgraded(kind, format, json, start);
      if (value == null) {
        return new Decoded.Bad<>("it is null");
      }
      return new Decoded.Good<>(new Stored<>(id, value, version));
    } catch (UpgradeFailedException e) {
      return new Decoded.Bad<>(e.getMessage());
    } catch (DataFormatException e) {
      return new Decoded.Bad<>("it cannot be unpacked");
    } catch (NumberFormatException e) {
      return new Decoded.Bad<>("its version is not a number");
    } catch (JsonProcessingException e) {
      // the location alone: the message may quote what is stored
      return new Decoded.Bad<>(
          "it is not the JSON of a %s (%s)".formatted(kind.type().getSimpleName(), where(e)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record of an earlier format, one step after the other. */
  private static <T> T upgraded(Kind<T> kind, int format, byte[] stored, int start)
      throws IOException {
    Map<String, Object> tree =
        RecordJson.MAPPER.readerFor(TREE).readValue(stored, start, stored.length - start);
    for (int from = format; from < kind.formatVersion(); from++) {
      try {
        tree = kind.upgrades().get(from - 1).apply(tree);
      } catch (RuntimeException e) {
        // its class alone: the message may quote what is stored
        throw new UpgradeFailedException(
            "it could not be brought from format %d to %d (%s)"
                .formatted(from, from + 1, e.getClass().getSimpleName()));
      }
    }
    return RecordJson.MAPPER
        .readerFor(kind.type())
        .readValue(RecordJson.MAPPER.writeValueAsBytes(tree));
  }

  private static final class UpgradeFailedException extends RuntimeException {
    UpgradeFailedException(String message) {
      super(message);
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? e.getClass().getSimpleName()
        : "%s at column %d".formatted(e.getClass().getSimpleName(), e.getLocation().getColumnNr());
  }

  private static int indexOfSpace(byte[] text, int from) {
    for (int i = from; i < Math.min(text.length, from + 20); i++) {
      if (text[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private static String ascii(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.US_ASCII);
  }

  private RecordCodec() {}
}
