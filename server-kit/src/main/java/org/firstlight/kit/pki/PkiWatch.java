package org.firstlight.kit.pki;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.firstlight.kit.health.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then for server certificates that were renewed, so that no restart is needed. One
 * that cannot be used is said once, and shown in the health report until it is mended; so is an
 * issuing key that is away.
 */
public final class PkiWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PkiWatch.class);
  private static final int EVERY_SECONDS = 10;

  private final Pki pki;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "pki-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Optional<String> problem = Optional.empty();

  private PkiWatch(Pki pki) {
    this.pki = pki;
  }

  public static PkiWatch start(Pki pki, Health health) {
    PkiWatch watch = new PkiWatch(pki);
    watch.timer.scheduleWithFixedDelay(watch::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    health.note("server-certificates", () -> watch.problem);
    health.note("issuing-key", pki.operationalCa()::problem);
    return watch;
  }

  private void look() {
    try {
      pki.refresh();
      problem = Optional.empty();
    } catch (RuntimeException unusable) {
      Optional<String> now = Optional.of(unusable.getMessage() + "; the certificate in use stays");
      if (!now.equals(problem)) {
        LOG.warn("{}", now.get());
      }
      problem = now;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
