package org.firstlight.kit.shutdown;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened, last first, each once and each within its time: one part that hangs or
 * fails does not keep the others open.
 */
public final class Shutdown implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final Duration patience;
  private final Deque<Part> parts = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean closing;

  private record Part(String name, AutoCloseable closeable) {}

  /**
   * @param patience how long one part may take to close
   */
  public Shutdown(Duration patience) {
    this.patience = patience;
  }

  /** Adds a part; it is closed before everything that was added earlier. */
  public synchronized <T extends AutoCloseable> T closing(String name, T part) {
    if (closing) {
      closeOne(new Part(name, part));
      throw new IllegalStateException("closed already, so is " + name);
    }
    parts.push(new Part(name, part));
    return part;
  }

  /** Closes on SIGTERM and Ctrl-C; the process ends when all is closed. */
  public Shutdown onSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "shutdown"));
    return this;
  }

  /** Waits until all is closed. */
  public void await() throws InterruptedException {
    closed.await();
  }

  /** Closes everything; a second call waits for the first, so that no signal cuts it short. */
  @Override
  public void close() {
    if (begins()) {
      while (!parts.isEmpty()) {
        closeOne(parts.pop());
      }
      closed.countDown();
    } else {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized boolean begins() {
    boolean first = !closing;
    closing = true;
    return first;
  }

  private void closeOne(Part part) {
    Thread thread = new Thread(() -> closeQuietly(part), "close-" + part.name());
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(TimeUnit.MILLISECONDS.convert(patience));
      if (thread.isAlive()) {
        LOG.warn(
            "{} did not close within {} s and is left behind", part.name(), patience.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Part part) {
    try {
      part.closeable().close();
    } catch (Exception e) {
      LOG.warn("{} did not close cleanly", part.name(), e);
    }
  }
}
