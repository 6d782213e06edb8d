package org.firstlight.redis.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.redis.pipeline.Bytes;
import org.junit.jupiter.api.Test;

class BackedUpKindsTest {
  @Test
  void every_kind_was_decided_on() {
    assertThat(BackedUpKinds.ALL).containsExactlyInAnyOrderElementsOf(Kinds.all());
  }

  @Test
  void a_kind_that_nobody_decided_on_is_refused() {
    for (Kind<?> kind : Kinds.all()) {
      BackedUpKinds.check(Bytes.of(kind.word() + ":x"));
    }
    assertThatThrownBy(() -> BackedUpKinds.check(Bytes.of("dtls:x")))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("\"dtls\"");
  }
}
