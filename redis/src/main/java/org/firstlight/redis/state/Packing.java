package org.firstlight.redis.state;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * JSON of a record in a few bytes: the number of a dictionary, then what DEFLATE (RFC 1951) makes
 * of it with that dictionary. A record of a device shares nearly all of its text with every other;
 * the dictionary has that text once, in the program.
 */
final class Packing {
  /** What a record holds at most when it is unpacked: a damaged one must not fill the heap. */
  static final int LONGEST = 4 << 20;

  /** No JSON begins with it. A changed dictionary is a new one, with the next number. */
  private static final byte FIRST_DICTIONARY = 1;

  private static final byte[] DICTIONARY = dictionary();
  private static final int BLOCK = 1_024;

  // each holds native memory, which goes with its thread
  private static final ThreadLocal<Deflater> DEFLATER =
      ThreadLocal.withInitial(() -> new Deflater(Deflater.DEFAULT_COMPRESSION, true));
  private static final ThreadLocal<Inflater> INFLATER =
      ThreadLocal.withInitial(() -> new Inflater(true));

  /** Whether something was packed, in whatever dictionary. */
  static boolean isPacked(byte[] stored, int from) {
    return from < stored.length && stored[from] > 0 && stored[from] < ' ';
  }

  /** Whether this release has its dictionary. */
  static boolean isKnown(byte[] stored, int from) {
    return stored[from] == FIRST_DICTIONARY;
  }

  /**
   * @throws IllegalArgumentException if it is longer than what is unpacked
   */
  static byte[] pack(byte[] json) {
    if (json.length > LONGEST) {
      throw new IllegalArgumentException("a record has more than %d bytes".formatted(LONGEST));
    }
    Deflater deflater = DEFLATER.get();
    deflater.reset();
    deflater.setDictionary(DICTIONARY);
    deflater.setInput(json);
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream(json.length / 2 + 1);
    packed.write(FIRST_DICTIONARY);
    byte[] block = new byte[BLOCK];
    while (!deflater.finished()) {
      packed.write(block, 0, deflater.deflate(block));
    }
    return packed.toByteArray();
  }

  /**
   * @throws DataFormatException if that is not what {@link #pack} made
   */
  static byte[] unpack(byte[] stored, int from) throws DataFormatException {
    Inflater inflater = INFLATER.get();
    inflater.reset();
    inflater.setDictionary(DICTIONARY);
    inflater.setInput(stored, from + 1, stored.length - from - 1);
    ByteArrayOutputStream json = new ByteArrayOutputStream(BLOCK);
    byte[] block = new byte[BLOCK];
    while (!inflater.finished()) {
      int count = inflater.inflate(block);
      if (count == 0 && !inflater.finished()) {
        throw new DataFormatException("it ends too early");
      }
      if (json.size() + count > LONGEST) {
        throw new DataFormatException("it is too long");
      }
      json.write(block, 0, count);
    }
    if (inflater.getRemaining() > 0) {
      throw new DataFormatException("something follows");
    }
    return json.toByteArray();
  }

  private static byte[] dictionary() {
    try (InputStream resource = Packing.class.getResourceAsStream("records-1.dictionary")) {
      if (resource == null) {
        throw new IllegalStateException("the dictionary of records is missing");
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Packing() {}
}
