package org.firstlight.simulator.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.simulator.crowd.Tally.Event;
import org.firstlight.simulator.crowd.Tally.State;
import org.junit.jupiter.api.Test;

class PhaseTest {
  private final Tally tally = new Tally();
  private final List<String> lines = new ArrayList<>();

  @Test
  void phase_is_over_when_the_last_device_is_back() throws Exception {
    Phase phase = new Phase("start", 3, tally);
    phase.isBack(0);
    phase.isBack(0);
    phase.isBack(2);
    phase.isBack(1);
    PhaseResult result = phase.await(Duration.ofSeconds(30), lines::add);
    assertThat(result.isWhole()).isTrue();
    assertThat(result.took()).isLessThan(Duration.ofSeconds(30));
    assertThat(result.toJson()).contains("\"back\":3").contains("\"100%\":");
  }

  @Test
  void patience_ends_and_the_result_says_what_went_on() throws Exception {
    Phase phase = new Phase("a \"cut\"", 2, tally);
    tally.moved(State.OFF, State.BOOTING);
    tally.moved(State.OFF, State.BOOTING);
    tally.moved(State.BOOTING, State.WAITING);
    tally.happened(Event.HANDSHAKES);
    tally.refused("bootstrap 5.03", Duration.ofSeconds(15));
    tally.refused("bootstrap 5.03", Duration.ofSeconds(40));
    tally.failed("no answer");
    phase.isBack(1);
    PhaseResult result = phase.await(Duration.ofMillis(10), lines::add);
    assertThat(result.isWhole()).isFalse();
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("booting 1", "waiting 1", "2 (bootstrap 5.03, Max-Age 15 to 40 s)"));
    assertThat(result.toJson())
        .contains("\"phase\":\"a \\\"cut\\\"\"")
        .contains("\"refused\":{\"bootstrap 5.03\":2}")
        .contains("\"maxAgeSeconds\":{\"bootstrap 5.03\":\"15 to 40\"}")
        .contains("\"failed\":{\"no answer\":1}")
        .contains("\"handshakes\":1");
  }
}
