package org.firstlight.redis.backup;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What was asked and is not answered: bounded, so that memory is; the first failure ends all. */
final class InFlight {
  private static final int KILOBYTES = 16 << 10;

  private final Semaphore room = new Semaphore(KILOBYTES);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** Waits until there is room for so much. */
  void await(int bytes) {
    room.acquireUninterruptibly(kilobytes(bytes));
    check();
  }

  void until(CompletionStage<?> done, int bytes) {
    done.whenComplete(
        (result, thrown) -> {
          if (thrown != null) {
            failure.compareAndSet(null, thrown);
          }
          room.release(kilobytes(bytes));
        });
  }

  /** Waits until all is answered. */
  void awaitAll() {
    room.acquireUninterruptibly(KILOBYTES);
    room.release(KILOBYTES);
    check();
  }

  private void check() {
    Throwable thrown = failure.get();
    if (thrown != null) {
      Throwable cause =
          thrown instanceof CompletionException && thrown.getCause() != null
              ? thrown.getCause()
              : thrown;
      throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
  }

  private static int kilobytes(int bytes) {
    return Math.min(KILOBYTES, 1 + bytes / 1024);
  }
}
