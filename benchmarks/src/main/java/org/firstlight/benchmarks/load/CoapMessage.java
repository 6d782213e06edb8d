package org.firstlight.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A CoAP message over UDP (RFC 7252 §3).
 *
 * @param options in the order of their numbers
 */
record CoapMessage(
    Type type, int code, int mid, byte[] token, List<Option> options, byte[] payload) {
  static final int EMPTY = 0;
  static final int GET = 1;
  static final int POST = 2;
  static final int CREATED = code(2, 1);
  static final int CONTENT = code(2, 5);
  static final int NOT_ACCEPTABLE = code(4, 6);
  static final byte[] NOTHING = {};

  static final int OBSERVE = 6;
  static final int LOCATION_PATH = 8;
  static final int URI_PATH = 11;
  static final int CONTENT_FORMAT = 12;
  static final int URI_QUERY = 15;
  static final int ACCEPT = 17;

  private static final int VERSION = 1;
  private static final int PAYLOAD_MARKER = 0xFF;
  private static final int LARGEST = 1280;

  enum Type {
    CON,
    NON,
    ACK,
    RST
  }

  record Option(int number, byte[] value) {
    static Option of(int number, String value) {
      return new Option(number, value.getBytes(UTF_8));
    }

    /** As an unsigned number, without leading zeros. */
    static Option of(int number, int value) {
      int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(value) + 7) / 8;
      byte[] octets = new byte[bytes];
      for (int i = 0; i < bytes; i++) {
        octets[i] = (byte) (value >>> 8 * (bytes - 1 - i));
      }
      return new Option(number, octets);
    }

    String text() {
      return new String(value, UTF_8);
    }

    int asNumber() {
      int number = 0;
      for (byte octet : value) {
        number = number << 8 | octet & 0xFF;
      }
      return number;
    }
  }

  static int code(int major, int minor) {
    return major << 5 | minor;
  }

  static CoapMessage empty(Type type, int mid) {
    return new CoapMessage(type, EMPTY, mid, NOTHING, List.of(), NOTHING);
  }

  boolean isRequest() {
    return code > EMPTY && code < code(1, 0);
  }

  boolean isSuccess() {
    return code >> 5 == 2;
  }

  String codeText() {
    return "%d.%02d".formatted(code >> 5, code & 0x1F);
  }

  Optional<Option> option(int number) {
    return options.stream().filter(option -> option.number() == number).findFirst();
  }

  List<String> texts(int number) {
    return options.stream().filter(option -> option.number() == number).map(Option::text).toList();
  }

  byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(LARGEST);
    out.put((byte) (VERSION << 6 | type.ordinal() << 4 | token.length));
    out.put((byte) code);
    out.putShort((short) mid);
    out.put(token);
    int before = 0;
    for (Option option : options) {
      int delta = option.number() - before;
      int length = option.value().length;
      out.put((byte) (nibble(delta) << 4 | nibble(length)));
      extend(out, delta);
      extend(out, length);
      out.put(option.value());
      before = option.number();
    }
    if (payload.length > 0) {
      out.put((byte) PAYLOAD_MARKER);
      out.put(payload);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static int nibble(int value) {
    return value < 13 ? value : value < 269 ? 13 : 14;
  }

  private static void extend(ByteBuffer out, int value) {
    if (value >= 269) {
      out.putShort((short) (value - 269));
    } else if (value >= 13) {
      out.put((byte) (value - 13));
    }
  }

  /**
   * @throws IllegalArgumentException if it is not a CoAP message
   */
  static CoapMessage decode(ByteBuffer in) {
    try {
      int first = in.get() & 0xFF;
      if (first >> 6 != VERSION) {
        throw new IllegalArgumentException("not CoAP");
      }
      Type type = Type.values()[first >> 4 & 3];
      int code = in.get() & 0xFF;
      int mid = in.getShort() & 0xFFFF;
      byte[] token = bytes(in, first & 0xF);
      List<Option> options = new ArrayList<>(4);
      int number = 0;
      while (in.hasRemaining()) {
        int head = in.get() & 0xFF;
        if (head == PAYLOAD_MARKER) {
          return new CoapMessage(type, code, mid, token, options, bytes(in, in.remaining()));
        }
        number += extended(in, head >> 4);
        options.add(new Option(number, bytes(in, extended(in, head & 0xF))));
      }
      return new CoapMessage(type, code, mid, token, options, NOTHING);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("a CoAP message is cut off", e);
    }
  }

  private static int extended(ByteBuffer in, int nibble) {
    return switch (nibble) {
      case 13 -> 13 + (in.get() & 0xFF);
      case 14 -> 269 + (in.getShort() & 0xFFFF);
      default -> nibble;
    };
  }

  private static byte[] bytes(ByteBuffer in, int count) {
    if (count == 0) {
      return NOTHING;
    }
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }
}
