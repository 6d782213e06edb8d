package org.firstlight.kit.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LateAcknowledgementsTest {
  private final LateAcknowledgements late = new LateAcknowledgements(Duration.ofMillis(200));
  private final List<String> sent = new CopyOnWriteArrayList<>();

  @Test
  void who_is_answered_in_time_is_not_acknowledged_and_the_others_are_in_their_order() {
    AtomicBoolean answered = new AtomicBoolean();
    late.watch(() -> sent.add("first"), new AtomicBoolean());
    late.watch(() -> sent.add("answered"), answered);
    late.watch(() -> sent.add("last"), new AtomicBoolean());
    answered.set(true);
    assertThat(sent).isEmpty();

    await().untilAsserted(() -> assertThat(sent).containsExactly("first", "last"));
  }

  @Test
  void endpoint_that_has_closed_keeps_nobody_else_from_being_acknowledged() {
    late.watch(
        () -> {
          throw new RejectedExecutionException("closed");
        },
        new AtomicBoolean());
    late.watch(() -> sent.add("other"), new AtomicBoolean());
    await().untilAsserted(() -> assertThat(sent).containsExactly("other"));

    late.watch(() -> sent.add("later"), new AtomicBoolean());
    await().untilAsserted(() -> assertThat(sent).containsExactly("other", "later"));
  }
}
