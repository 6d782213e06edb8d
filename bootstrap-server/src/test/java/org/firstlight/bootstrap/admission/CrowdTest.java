package org.firstlight.bootstrap.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrowdTest {
  private final Ticking clock = new Ticking();

  private static final class Ticking extends Clock {
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @Test
  void so_many_are_served_and_one_more_for_each_that_leaves() {
    Crowd crowd = new Crowd(2, 1, clock);
    assertThat(crowd.enter()).isTrue();
    assertThat(crowd.enter()).isTrue();
    assertThat(crowd.enter()).isFalse();
    crowd.leave();
    assertThat(crowd.enter()).isTrue();
    assertThat(crowd.enter()).isFalse();
  }

  @Test
  void those_who_are_turned_away_come_back_one_after_the_other_as_fast_as_others_end() {
    Crowd crowd = new Crowd(100, 1, clock);
    for (int i = 0; i < 64; i++) {
      crowd.enter();
    }
    for (int i = 0; i < 64; i++) {
      clock.now = clock.now.plusMillis(10);
      crowd.leave();
    }
    // a hundred a second
    List<Duration> turns = IntStream.range(0, 1000).mapToObj(i -> crowd.comeBack()).toList();

    assertThat(turns.get(0)).isEqualTo(Crowd.SOONEST);
    assertThat(turns).isSorted().doesNotHaveDuplicates();
    assertThat(turns.get(999)).isBetween(Duration.ofSeconds(23), Duration.ofSeconds(27));
    // the line moves on with the time
    clock.now = clock.now.plusSeconds(60);
    assertThat(crowd.comeBack()).isEqualTo(Crowd.SOONEST);
  }

  /** Fifty a second are called, two hundred and fifty come: each a moment after the other. */
  @Test
  void those_who_come_a_moment_apart_are_told_turns_as_far_apart_as_sessions_end() {
    Crowd crowd = new Crowd(1, 1, clock);
    Instant first = clock.now;
    List<Instant> turns =
        IntStream.range(0, 500)
            .mapToObj(
                i -> {
                  clock.now = first.plusMillis(4L * i);
                  return clock.now.plus(crowd.comeBack());
                })
            .toList();
    assertThat(turns).isSorted();
    assertThat(Duration.between(turns.get(0), turns.get(499)))
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
  }

  @Test
  void nobody_is_sent_away_for_longer_than_an_hour() {
    Crowd crowd = new Crowd(1, 1, clock);
    List<Duration> turns = IntStream.range(0, 300_000).mapToObj(i -> crowd.comeBack()).toList();
    assertThat(turns).allMatch(turn -> turn.compareTo(Crowd.LATEST) <= 0);
    assertThat(turns.subList(200_000, 300_000))
        .as("spread, not all at the end")
        .anyMatch(turn -> turn.compareTo(Duration.ofMinutes(35)) < 0)
        .anyMatch(turn -> turn.compareTo(Duration.ofMinutes(55)) > 0);
  }
}
