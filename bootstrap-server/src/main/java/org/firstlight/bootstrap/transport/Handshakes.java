package org.firstlight.bootstrap.transport;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.californium.elements.util.StringUtil;
import org.firstlight.fleet.event.EventThrottle;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.kit.dtls.HandshakeListener;
import org.firstlight.kit.dtls.HandshakeReport;
import org.firstlight.kit.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps how long the latest handshakes took, for the first step of their devices' journeys, and
 * tells operators of those that failed: the same failure once in ten seconds.
 */
final class Handshakes implements HandshakeListener {
  /** Home of events that no device can be named for. */
  private static final String HOME = "handshakes";

  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration RECENT = Duration.ofMinutes(1);
  private static final int REMEMBERED = 10_000;
  private static final int LONGEST_NAME = 200;
  private static final Logger LOG = LoggerFactory.getLogger("event.handshake-failed");

  private record Done(Instant at, Duration took) {}

  private final FleetState records;
  private final Metrics metrics;
  private final Clock clock;
  private final EventThrottle throttle;
  private final Map<String, Done> done =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Done> eldest) {
          return size() > REMEMBERED;
        }
      };

  Handshakes(FleetState records, Metrics metrics, Clock clock) {
    this.records = records;
    this.metrics = metrics;
    this.clock = clock;
    this.throttle = new EventThrottle(QUIET, clock);
  }

  /** How long the handshake of this address took, once for each handshake. */
  synchronized Optional<Duration> took(String address) {
    Instant oldest = clock.instant().minus(RECENT);
    return Optional.ofNullable(done.remove(address))
        .filter(handshake -> handshake.at().isAfter(oldest))
        .map(Done::took);
  }

  @Override
  public void established(InetSocketAddress address, long ms) {
    Duration took = Duration.ofMillis(ms);
    metrics.time("firstlight.bootstrap.handshake", took);
    synchronized (this) {
      done.put(StringUtil.toString(address), new Done(clock.instant(), took));
    }
  }

  @Override
  public void failed(HandshakeReport report) {
    metrics.count("firstlight.bootstrap.handshake.failed");
    String subject = name(report.subject());
    if (!throttle.allow(report.address().getAddress() + " " + subject + " " + report.reason())) {
      return;
    }
    String address = StringUtil.toString(report.address());
    LOG.info("handshake with {} ({}) failed: {}", address, subject, report.reason());
    records
        .commit(
            Change.in(HOME)
                .event(
                    new FleetEvent(
                        clock.instant(),
                        "handshake.failed",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(
                            "address",
                            address,
                            "subject",
                            subject,
                            "issuer",
                            name(report.issuer()),
                            "reason",
                            report.reason())))
                .build())
        .whenComplete(
            (outcome, error) -> {
              if (error != null) {
                LOG.debug("the failed handshake could not be stored", error);
              }
            });
  }

  private static String name(Optional<String> name) {
    return name.map(n -> n.length() > LONGEST_NAME ? n.substring(0, LONGEST_NAME) + "…" : n)
        .orElse("");
  }
}
