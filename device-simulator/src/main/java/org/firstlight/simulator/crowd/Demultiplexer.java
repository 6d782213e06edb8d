package org.firstlight.simulator.crowd;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.ContentType;

/**
 * Says which device a datagram is for: by the Connection ID of its first record (RFC 9146 §4), or,
 * while a handshake goes on and there is none yet, by the source address that the device holds.
 * What comes from nobody that a device speaks with is for no device.
 */
final class Demultiplexer {
  /** Of the devices' own Connection IDs. */
  static final int CONNECTION_ID_BYTES = 6;

  /** Content type, version, epoch and sequence number. */
  private static final int BEFORE_CONNECTION_ID = 11;

  private final Servers servers;
  private final Function<ConnectionId, Optional<Line>> connections;

  /**
   * @param connections whose Connection ID it is
   */
  Demultiplexer(Servers servers, Function<ConnectionId, Optional<Line>> connections) {
    this.servers = servers;
    this.connections = connections;
  }

  /**
   * @param holder the device that holds the source address which the datagram came to
   * @param from who sent it
   */
  Optional<Line> lineOf(byte[] datagram, int length, OptionalInt holder, InetSocketAddress from) {
    OptionalInt server = servers.at(from);
    if (server.isEmpty() || length == 0) {
      return Optional.empty();
    }
    if (datagram[0] != (byte) ContentType.TLS12_CID.getCode()) {
      return holder.isPresent()
          ? Optional.of(new Line(holder.getAsInt(), server.getAsInt()))
          : Optional.empty();
    }
    int end = BEFORE_CONNECTION_ID + CONNECTION_ID_BYTES;
    if (length < end) {
      return Optional.empty();
    }
    return connections
        .apply(new ConnectionId(Arrays.copyOfRange(datagram, BEFORE_CONNECTION_ID, end)))
        .filter(line -> line.server() == server.getAsInt());
  }
}
