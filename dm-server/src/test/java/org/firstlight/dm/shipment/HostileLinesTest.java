package org.firstlight.dm.shipment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.firstlight.dm.inventory.DeviceLine;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.shipment.ShipmentList.Progress;
import org.firstlight.kit.http.Json;

/** Shipment lists of any bytes: each line is a device or a reason, wherever reading goes on. */
class HostileLinesTest {
  private static final String CODE = "K7QMWX2ZRT9P";
  private static final String GOOD =
      """
      {"endpointName":"urn:dev:ops:32473-t-1","manufacturer":"acme","factoryId":"1","model":"t",\
      "serialNumber":"1","eid":"89033023426200000000005509871240","claimCode":"%s",\
      "tags":["group:a"]}"""
          .formatted(CODE);

  @Property
  void line_with_bytes_changed_is_a_device_or_a_reason(@ForAll("mutations") byte[] line) {
    Outcome<Device> outcome =
        Json.read(new String(line, StandardCharsets.UTF_8), DeviceLine.class)
            .then(read -> read.device(Instant.EPOCH));

    Optional<String> reason = outcome.refusal().map(Failure::reason);
    assertThat(outcome.result().isPresent()).isNotEqualTo(reason.isPresent());
    reason.ifPresent(
        text -> assertThat(text).isNotBlank().hasSizeLessThan(500).doesNotContain(CODE));
  }

  @Provide
  Arbitrary<byte[]> mutations() {
    byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
    Arbitrary<Integer> at = Arbitraries.integers().between(0, good.length - 1);
    Arbitrary<String> put =
        Arbitraries.oneOf(
            Arbitraries.of("null", "[null]", "{}", "\"", "[[[[", "\u0000", "1e999", ",", "\\u202e"),
            Arbitraries.strings().ofMaxLength(4));
    return Combinators.combine(at, at, put)
        .as(
            (from, to, text) -> {
              String line = new String(good, StandardCharsets.UTF_8);
              int begin = Math.min(from, to);
              int end = Math.min(Math.max(from, to), begin + 12);
              return (line.substring(0, begin) + text + line.substring(end))
                  .getBytes(StandardCharsets.UTF_8);
            });
  }

  @Property(tries = 200)
  void list_of_any_bytes_is_read_the_same_wherever_reading_was_broken_off(
      @ForAll("lists") byte[] list, @ForAll @IntRange(min = 1, max = 5) int most)
      throws IOException {
    Path file = Files.createTempFile("list", ".ndjson");
    try {
      Files.write(file, list);
      List<ListLines.Line> whole = new ArrayList<>();
      try (ListLines lines = ListLines.open(file, Progress.NONE)) {
        whole.addAll(lines.next(Integer.MAX_VALUE).lines());
      }
      List<ListLines.Line> pieces = new ArrayList<>();
      Progress from = Progress.NONE;
      boolean last = false;
      while (!last) {
        try (ListLines lines = ListLines.open(file, from)) {
          ListLines.Batch batch = lines.next(most);
          pieces.addAll(batch.lines());
          from = new Progress(batch.position(), batch.read(), 0, 0, 0, 0);
          last = batch.last();
        }
      }
      assertThat(pieces).isEqualTo(whole);
      assertThat(from.position()).isEqualTo(list.length);
      assertThat(whole)
          .allSatisfy(line -> assertThat(line.text().length()).isLessThanOrEqualTo(4096));
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<byte[]> lists() {
    Arbitrary<String> line =
        Arbitraries.oneOf(
            Arbitraries.of("", " ", "\r", GOOD, "x".repeat(5000), "{", "\ufffd"),
            Arbitraries.strings().ofMaxLength(20));
    return line.list()
        .ofMaxSize(12)
        .map(lines -> String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }
}
