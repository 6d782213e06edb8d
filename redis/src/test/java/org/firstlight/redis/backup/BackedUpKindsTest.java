package org.firstlight.redis.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.redis.pipeline.Bytes;
import org.junit.jupiter.api.Test;

class BackedUpKindsTest {
  @Test
  void every_kind_was_decided_on() {
    List<Kind<?>> decided = new ArrayList<>(BackedUpKinds.ALL);
    decided.addAll(BackedUpKinds.LEFT_OUT);
    assertThat(decided).containsExactlyInAnyOrderElementsOf(Kinds.all());
    // a restore makes no due times
    assertThat(BackedUpKinds.ALL).noneMatch(kind -> kind.due().isPresent());
  }

  @Test
  void a_kind_that_nobody_decided_on_is_refused() {
    for (Kind<?> kind : BackedUpKinds.ALL) {
      BackedUpKinds.check(Bytes.of(kind.word() + ":x"));
    }
    assertThatThrownBy(() -> BackedUpKinds.check(Bytes.of("dtls:x")))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("\"dtls\"");
  }
}
