package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.californium.elements.util.SerialExecutor;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.ResumptionSupportingConnectionStore;

/**
 * The DTLS of all devices: Scandium's client, whose datagrams leave through the {@link Nat}. Its
 * own socket is not used.
 */
final class CrowdConnector extends DTLSConnector {
  private final ResumptionSupportingConnectionStore connections;
  private final Nat nat;
  private final Servers servers;
  private final Demultiplexer demultiplexer;

  static CrowdConnector of(DtlsConnectorConfig config, Nat nat, Servers servers) {
    return new CrowdConnector(config, createConnectionStore(config), nat, servers);
  }

  private CrowdConnector(
      DtlsConnectorConfig config,
      ResumptionSupportingConnectionStore connections,
      Nat nat,
      Servers servers) {
    super(config, connections);
    this.connections = connections;
    this.nat = nat;
    this.servers = servers;
    this.demultiplexer = new Demultiplexer(servers, this::lineOf);
  }

  /** Whose connection this is. */
  Optional<Line> lineOf(ConnectionId id) {
    return Optional.ofNullable(connections.get(id))
        .map(Connection::getPeerAddress)
        .flatMap(Line::of);
  }

  boolean isConnected(Line line) {
    Connection connection = connections.get(line.address());
    return connection != null && connection.hasEstablishedDtlsContext();
  }

  void received(byte[] datagram, int length, OptionalInt holder, InetSocketAddress from) {
    demultiplexer
        .lineOf(datagram, length, holder, from)
        .ifPresent(
            line -> processDatagram(new DatagramPacket(datagram, length, line.address()), null));
  }

  @Override
  protected void sendNextDatagramOverNetwork(DatagramPacket packet) throws IOException {
    Line line = Line.of((InetSocketAddress) packet.getSocketAddress()).orElseThrow();
    nat.send(line.device(), packet.getData(), packet.getLength(), servers.address(line.server()));
  }

  /** Forgets the connection without a word to the server, as a device without power does. */
  void drop(Line line) {
    Connection connection = connections.get(line.address());
    if (connection == null) {
      return;
    }
    SerialExecutor executor = connection.getExecutor();
    executor.execute(
        () -> {
          Handshaker handshaker = connection.getOngoingHandshake();
          if (handshaker != null && !handshaker.hasContextEstablished()) {
            handshaker.handshakeAborted(new IOException("the device is switched off"));
          }
          connections.remove(connection, true);
        });
  }
}
