package org.firstlight.kit.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final Health health = new Health();

  @Test
  void without_checks_all_is_well() {
    assertThat(health.report().healthy()).isTrue();
  }

  @Test
  void one_problem_is_enough() {
    health.check("a", Optional::empty);
    health.check("b", () -> Optional.of("it is broken"));

    assertThat(health.report().healthy()).isFalse();
    assertThat(health.report().problems())
        .containsEntry("a", Optional.empty())
        .containsEntry("b", Optional.of("it is broken"));
  }

  @Test
  void a_note_is_told_and_is_no_problem() {
    health.note("a", Optional::empty);
    health.note("b", () -> Optional.of("look at it"));

    assertThat(health.report().healthy()).isTrue();
    assertThat(health.report().notes()).isEqualTo(Map.of("b", "look at it"));
  }

  @Test
  void a_check_that_fails_itself_is_a_problem() {
    health.check(
        "a",
        () -> {
          throw new IllegalStateException("no words for outside");
        });

    assertThat(health.report().problems())
        .containsEntry("a", Optional.of("the check itself failed"));
  }
}
