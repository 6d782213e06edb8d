package org.firstlight.bootstrap.trust;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;

/**
 * What a handshake found of those that it let in a moment ago, so that their first request need not
 * find it again. Safe for use by any thread.
 */
final class RecentVerdicts {
  private static final Duration MOMENT = Duration.ofSeconds(10);
  private static final int MOST = 4096;

  private record Found(FactoryTrust trust, Instant at, Verdict verdict) {}

  private final Map<List<X509Certificate>, Found> found =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<List<X509Certificate>, Found> eldest) {
          return size() > MOST;
        }
      };

  synchronized void put(
      FactoryTrust trust, List<X509Certificate> chain, Instant at, Verdict verdict) {
    // the newest is the last to go
    found.remove(chain);
    if (!(verdict instanceof Distrusted)) {
      found.put(chain, new Found(trust, at, verdict));
    }
  }

  /** Empty once the trust is another one, the moment is over or the clock was set back. */
  synchronized Optional<Verdict> find(
      FactoryTrust trust, List<X509Certificate> chain, Instant now) {
    return Optional.ofNullable(found.get(chain))
        .filter(one -> one.trust().isSame(trust))
        .filter(one -> !now.isBefore(one.at()) && now.isBefore(one.at().plus(MOMENT)))
        .map(Found::verdict);
  }
}
