package org.firstlight.simulator.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemultiplexerTest {
  private static final byte[] ID = {1, 2, 3, 4, 5, 6};
  private static final Line OWNER = new Line(7, 1);
  private static final OptionalInt HOLDER = OptionalInt.of(9);
  private static final byte HANDSHAKE = 22;
  private static final byte WITH_CONNECTION_ID = 25;

  private final Servers servers = new Servers();
  private final Demultiplexer demultiplexer =
      new Demultiplexer(
          servers, id -> id.equals(new ConnectionId(ID)) ? Optional.of(OWNER) : Optional.empty());

  private final InetSocketAddress bootstrap = new InetSocketAddress("127.0.0.1", 5684);
  private final InetSocketAddress dm = new InetSocketAddress("127.0.0.1", 5784);
  private final InetSocketAddress stranger = new InetSocketAddress("127.0.0.1", 9999);

  @BeforeEach
  void two_servers() throws Exception {
    servers.number(URI.create("coaps://127.0.0.1:5684"));
    servers.number(URI.create("coaps://127.0.0.1:5784"));
  }

  private static byte[] record(byte type, byte[] id) {
    byte[] record = new byte[40];
    record[0] = type;
    System.arraycopy(id, 0, record, 11, id.length);
    return record;
  }

  private Optional<Line> lineOf(byte[] datagram, OptionalInt holder, InetSocketAddress from) {
    return demultiplexer.lineOf(datagram, datagram.length, holder, from);
  }

  @Test
  void handshake_record_is_for_who_holds_the_source_address() {
    assertThat(lineOf(record(HANDSHAKE, ID), HOLDER, bootstrap)).contains(new Line(9, 0));
    assertThat(lineOf(record(HANDSHAKE, ID), HOLDER, dm)).contains(new Line(9, 1));
    assertThat(lineOf(record(HANDSHAKE, ID), OptionalInt.empty(), dm)).isEmpty();
  }

  @Test
  void record_with_a_connection_id_is_for_its_owner_whoever_holds_the_address() {
    assertThat(lineOf(record(WITH_CONNECTION_ID, ID), HOLDER, dm)).contains(OWNER);
    assertThat(lineOf(record(WITH_CONNECTION_ID, ID), OptionalInt.empty(), dm)).contains(OWNER);
  }

  @Test
  void connection_id_that_nobody_has_is_for_nobody() {
    byte[] other = {6, 5, 4, 3, 2, 1};
    assertThat(lineOf(record(WITH_CONNECTION_ID, other), HOLDER, dm)).isEmpty();
  }

  @Test
  void connection_id_of_one_server_does_not_count_from_another() {
    assertThat(lineOf(record(WITH_CONNECTION_ID, ID), HOLDER, bootstrap)).isEmpty();
  }

  @Test
  void stranger_reaches_no_device() {
    assertThat(lineOf(record(HANDSHAKE, ID), HOLDER, stranger)).isEmpty();
    assertThat(lineOf(record(WITH_CONNECTION_ID, ID), HOLDER, stranger)).isEmpty();
  }

  @Test
  void cut_off_datagrams_are_for_nobody_or_for_the_holder() {
    byte[] whole = record(WITH_CONNECTION_ID, ID);
    for (int length = 0; length < 17; length++) {
      assertThat(lineOf(Arrays.copyOf(whole, length), HOLDER, dm)).isEmpty();
    }
    assertThat(lineOf(Arrays.copyOf(whole, 17), HOLDER, dm)).contains(OWNER);
  }

  @Test
  void any_bytes_are_for_nobody_or_for_the_holder() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(64)];
      random.nextBytes(bytes);
      lineOf(bytes, HOLDER, dm).ifPresent(line -> assertThat(line).isEqualTo(new Line(9, 1)));
    }
  }

  @Test
  void made_up_address_leads_back_to_its_line_and_no_other_address_does() {
    for (Line line : new Line[] {new Line(0, 0), new Line(70_000, 3), new Line(0xFFFFFF, 0xFFFE)}) {
      assertThat(Line.of(line.address())).contains(line);
    }
    assertThat(Line.of(stranger)).isEmpty();
    assertThat(Line.of(new InetSocketAddress("::1", 1))).isEmpty();
    assertThat(Line.of(InetSocketAddress.createUnresolved("server.example", 1))).isEmpty();
  }
}
