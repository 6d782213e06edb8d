package org.firstlight.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.benchmarks.load.CoapMessage.Option;
import org.firstlight.benchmarks.load.CoapMessage.Type;

/** What a device says: the messages of LwM2M Core 1.1.1 §6, the same for whoever is measured. */
final class DeviceMessages {
  static final int TEXT = 0;
  private static final int LINK_FORMAT = 40;
  private static final int SENML_JSON = 110;
  private static final int TLV = 11_542;
  private static final int TLV_RESOURCE_OF_ONE_BYTE = 0xC1;

  private DeviceMessages() {}

  /** Read from the message itself: it finds what waits for its answer. */
  static byte[] token(int key) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
  }

  static byte[] register(int mid, byte[] token, String name, int lifetimeSeconds) {
    return new CoapMessage(
            Type.CON,
            CoapMessage.POST,
            mid,
            token,
            List.of(
                Option.of(CoapMessage.URI_PATH, "rd"),
                Option.of(CoapMessage.CONTENT_FORMAT, LINK_FORMAT),
                Option.of(CoapMessage.URI_QUERY, "ep=" + name),
                Option.of(CoapMessage.URI_QUERY, "lt=" + lifetimeSeconds),
                Option.of(CoapMessage.URI_QUERY, "lwm2m=1.1"),
                Option.of(CoapMessage.URI_QUERY, "b=U")),
            Devices.OBJECT_LINKS.getBytes(UTF_8))
        .encode();
  }

  static byte[] update(int mid, byte[] token, byte[] registrationId) {
    return new CoapMessage(
            Type.CON,
            CoapMessage.POST,
            mid,
            token,
            List.of(
                Option.of(CoapMessage.URI_PATH, "rd"),
                new Option(CoapMessage.URI_PATH, registrationId)),
            CoapMessage.NOTHING)
        .encode();
  }

  static byte[] send(int mid, byte[] token, int value) {
    return new CoapMessage(
            Type.CON,
            CoapMessage.POST,
            mid,
            token,
            List.of(
                Option.of(CoapMessage.URI_PATH, "dp"),
                Option.of(CoapMessage.CONTENT_FORMAT, SENML_JSON)),
            "[{\"n\":\"/3/0/9\",\"v\":%d}]".formatted(value).getBytes(UTF_8))
        .encode();
  }

  static byte[] notification(int mid, Observation observation) {
    int sequence = observation.next();
    return new CoapMessage(
            Type.CON,
            CoapMessage.CONTENT,
            mid,
            observation.token(),
            content(sequence, observation.format()),
            value(observation.format(), observation.resource(), 33 + sequence % 90))
        .encode();
  }

  /** To a Read or an Observe: a small value, in the format that was asked for. */
  static CoapMessage answer(CoapMessage request, int mid, boolean observed) {
    int format = format(request);
    boolean spoken = format == TEXT || format == TLV;
    return new CoapMessage(
        request.type() == Type.CON ? Type.ACK : Type.NON,
        spoken ? CoapMessage.CONTENT : CoapMessage.NOT_ACCEPTABLE,
        request.type() == Type.CON ? request.mid() : mid,
        request.token(),
        spoken ? content(observed ? 0 : -1, format) : List.of(),
        spoken ? value(format, resource(request), 53) : CoapMessage.NOTHING);
  }

  static int format(CoapMessage request) {
    return request.option(CoapMessage.ACCEPT).map(Option::asNumber).orElse(TEXT);
  }

  static int resource(CoapMessage request) {
    List<String> path = request.texts(CoapMessage.URI_PATH);
    return path.size() == 3 ? Integer.parseInt(path.get(2)) : 0;
  }

  private static List<Option> content(int sequence, int format) {
    List<Option> options = new ArrayList<>(2);
    if (sequence >= 0) {
      options.add(Option.of(CoapMessage.OBSERVE, sequence));
    }
    options.add(Option.of(CoapMessage.CONTENT_FORMAT, format));
    return options;
  }

  private static byte[] value(int format, int resource, int value) {
    return format == TEXT
        ? Integer.toString(value).getBytes(UTF_8)
        : new byte[] {(byte) TLV_RESOURCE_OF_ONE_BYTE, (byte) resource, (byte) value};
  }
}
