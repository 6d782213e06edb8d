package org.firstlight.redis.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;

class LinesTest {
  @Property
  void fields_come_back_as_they_were(@ForAll @NotEmpty List<String> fields) {
    String line = Fields.join(fields);
    assertThat(line).doesNotContain("\n", "\r");
    assertThat(line.chars().filter(c -> c == '\t').count()).isEqualTo(fields.size() - 1);
    assertThat(Fields.split(line)).isEqualTo(fields);
  }

  @Property
  void any_line_splits(@ForAll String line) {
    assertThat(Fields.split(line)).isNotEmpty();
  }

  @Property
  void registrations_come_back_as_they_were(
      @ForAll @IntRange(min = 1, max = 65_534) int account,
      @ForAll @LongRange(min = 0, max = 4_294_967_295L) long lifetime,
      @ForAll @LongRange(min = 0, max = 4_102_444_800_000L) long millis,
      @ForAll String binding,
      @ForAll String links,
      @ForAll Map<String, String> additional,
      @ForAll boolean queueMode) {
    Registration registration =
        new Registration(
            "0a1234567890",
            account,
            new EndpointName("urn:dev:1"),
            Instant.ofEpochMilli(millis),
            Instant.ofEpochMilli(millis),
            Duration.ofSeconds(lifetime),
            "1.1",
            binding,
            queueMode,
            "[::1]:5683",
            links,
            additional,
            "n1");
    assertThat(
            RegistrationLines.parse(
                registration.id(),
                RegistrationLines.staying(registration),
                RegistrationLines.whereabouts(registration.whereabouts()),
                Long.toString(registration.expiresAt().toEpochMilli())))
        .contains(registration);
  }

  @Property
  void foreign_lines_are_no_registration(
      @ForAll String staying, @ForAll String whereabouts, @ForAll String expiry) {
    assertThat(RegistrationLines.parse("0a1234567890", staying, whereabouts, expiry)).isEmpty();
  }
}
