package org.firstlight.kit.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.junit.jupiter.api.Test;

class PlmnChoiceTest {
  @Test
  void choices_come_first_then_the_operators_others() {
    PlmnChoice choice =
        PlmnChoice.of(
            Optional.of(new PlmnPolicy(List.of("26201", "26202", "26203"), false)),
            List.of("26203", "20801"));

    assertThat(choice.plmns()).containsExactly("26203", "20801", "26201", "26202");
    assertThat(choice.exclusive()).isFalse();
  }

  @Test
  void exclusive_policy_drops_choices_that_it_does_not_name() {
    PlmnChoice choice =
        PlmnChoice.of(
            Optional.of(new PlmnPolicy(List.of("26201", "26202"), true)),
            List.of("20801", "26202"));

    assertThat(choice.plmns()).containsExactly("26202", "26201");
    assertThat(choice.exclusive()).isTrue();
  }

  @Test
  void nobody_chose_and_no_policy_says_nothing() {
    assertThat(PlmnChoice.of(Optional.empty(), List.of()).saysNothing()).isTrue();
  }

  @Test
  void same_network_is_named_once() {
    assertThat(
            PlmnChoice.of(
                    Optional.of(new PlmnPolicy(List.of("26201"), false)), List.of("26201", "26201"))
                .plmns())
        .containsExactly("26201");
  }
}
