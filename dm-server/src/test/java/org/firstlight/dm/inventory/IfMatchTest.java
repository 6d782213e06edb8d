package org.firstlight.dm.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.junit.jupiter.api.Test;

class IfMatchTest {
  @Test
  void a_race_that_is_lost_after_the_version_matched_is_a_conflict() {
    IfMatch ifMatch = new IfMatch(Optional.of(3L));

    assertThat(ifMatch.refuse(3)).isEmpty();
    assertThat(ifMatch.refuse(4).map(Failure::code)).contains(FailureCode.CONFLICT);
  }

  @Test
  void another_version_from_the_start_is_a_failed_precondition() {
    IfMatch ifMatch = new IfMatch(Optional.of(3L));

    assertThat(ifMatch.refuse(4).map(Failure::code)).contains(FailureCode.PRECONDITION_FAILED);
    assertThat(ifMatch.refuse(5).map(Failure::code)).contains(FailureCode.PRECONDITION_FAILED);
  }

  @Test
  void who_names_none_means_whatever_is_there() {
    IfMatch any = IfMatch.any();

    assertThat(any.refuse(1)).isEmpty();
    assertThat(any.refuse(2)).isEmpty();
  }
}
