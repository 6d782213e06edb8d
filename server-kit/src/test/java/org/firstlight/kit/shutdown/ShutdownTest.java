package org.firstlight.kit.shutdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShutdownTest {
  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final Shutdown shutdown = new Shutdown(Duration.ofSeconds(10));

  @Test
  void what_was_opened_last_is_closed_first_and_once() throws Exception {
    shutdown.closing("redis", () -> closed.add("redis"));
    shutdown.closing("coaps", () -> closed.add("coaps"));
    shutdown.closing("http", () -> closed.add("http"));

    shutdown.close();
    shutdown.close();
    shutdown.await();

    assertThat(closed).containsExactly("http", "coaps", "redis");
  }

  @Test
  void one_that_fails_does_not_keep_the_others_open() {
    shutdown.closing("redis", () -> closed.add("redis"));
    shutdown.closing(
        "http",
        () -> {
          throw new IllegalStateException("stuck");
        });

    shutdown.close();

    assertThat(closed).containsExactly("redis");
  }

  @Test
  void one_that_hangs_is_left_behind() {
    Shutdown hasty = new Shutdown(Duration.ofMillis(50));
    CountDownLatch never = new CountDownLatch(1);
    hasty.closing("redis", () -> closed.add("redis"));
    hasty.closing("http", never::await);

    hasty.close();

    assertThat(closed).containsExactly("redis");
    never.countDown();
  }

  @Test
  void a_second_call_waits_for_the_first() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    shutdown.closing(
        "redis",
        () -> {
          closing.countDown();
          go.await();
          closed.add("redis");
        });
    Thread first = new Thread(shutdown::close);
    first.start();
    closing.await();
    Thread second = new Thread(shutdown::close);
    second.start();
    await().until(() -> second.getState() == Thread.State.WAITING);

    go.countDown();
    second.join();

    assertThat(closed).containsExactly("redis");
    first.join();
  }

  @Test
  void what_comes_too_late_is_closed_at_once() {
    shutdown.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> shutdown.closing("late", () -> closed.add("late")));
    assertThat(closed).containsExactly("late");
  }
}
