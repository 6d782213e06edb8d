package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of what may be wrong with a factory certificate and its chain, and of what only looks
 * so: each over DTLS, each with the reason that people read.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FactoryCertificatesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<Row> rows =
      Stream.of(ChainRows.all(), LeafRows.all(), NameRows.all()).flatMap(List::stream).toList();

  private TestBed bed;

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    bed = new TestBed(data);
    Set<Maker> makers = new HashSet<>();
    for (Row row : rows) {
      if (makers.add(row.maker())) {
        String id = row.maker().id();
        bed.put(Kinds.MANUFACTURER, id, id, row.maker().record());
      }
    }
    bed.restartServer();
  }

  @AfterAll
  void stop() {
    bed.close();
  }

  List<Row> rows() {
    return rows;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void certificate_comes_as_far_as_it_may_and_people_read_why(Row row) throws Exception {
    int before = bed.events("handshake.failed").size();
    try (TestDevice device = TestDevice.showing(row.key(), row.chain())) {
      // a name that is somebody else's, but for who is what it says
      String query = row.end() == Row.End.TRUSTED ? "" : "ep=urn:by-cn:victim";
      Optional<Response> response = device.bootstrap(bed.server().coapsAddress(), query, PATIENCE);

      assertThat(device.calls()).isEmpty();
      if (row.end() == Row.End.HANDSHAKE) {
        assertThat(response).isEmpty();
        String address = "127.0.0.1:" + device.address().getPort();
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(10))
            .atMost(PATIENCE)
            .untilAsserted(() -> assertReason(before, address, row.outcome()));
      } else {
        assertThat(response.orElseThrow().getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
        assertThat(response.orElseThrow().getPayloadString()).contains(row.outcome());
      }
    }
  }

  /**
   * @param before events to pass over: another device may have had the same port
   */
  private void assertReason(int before, String address, String reason) throws Exception {
    assertThat(bed.events("handshake.failed").stream().skip(before))
        .extracting(FleetEvent::details)
        .filteredOn(details -> address.equals(details.get("address")))
        .extracting(details -> details.get("reason"))
        .singleElement()
        .asString()
        .contains(reason);
  }
}
