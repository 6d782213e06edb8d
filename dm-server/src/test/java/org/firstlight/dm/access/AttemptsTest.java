package org.firstlight.dm.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.firstlight.dm.TestClock;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private final TestClock clock = new TestClock();
  private final Attempts attempts = new Attempts(2, Duration.ofMinutes(1), clock);

  @Test
  void wrong_tries_count_and_end_with_the_window() {
    for (int i = 0; i < 2; i++) {
      assertThat(attempts.begin("a")).isTrue();
      attempts.judged("a", () -> Outcome.refused(FailureCode.NOT_FOUND, "wrong"));
    }
    assertThat(attempts.begin("a")).isFalse();
    assertThat(attempts.begin("b")).isTrue();
    clock.forward(Duration.ofSeconds(61));
    assertThat(attempts.begin("a")).isTrue();
  }

  @Test
  void good_tries_and_those_that_nobody_could_look_at_do_not_count() {
    for (int i = 0; i < 10; i++) {
      assertThat(attempts.begin("a")).isTrue();
      attempts.judged("a", () -> Outcome.done(true));
      assertThat(attempts.begin("a")).isTrue();
      assertThatThrownBy(
              () ->
                  attempts.judged(
                      "a",
                      () -> {
                        throw new DependencyUnavailableException("state is away");
                      }))
          .isInstanceOf(DependencyUnavailableException.class);
    }
  }

  @Test
  void tries_under_way_count_too() {
    assertThat(attempts.begin("a")).isTrue();
    assertThat(attempts.begin("a")).isTrue();
    assertThat(attempts.begin("a")).isFalse();
  }
}
