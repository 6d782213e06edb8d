package org.firstlight.dm.transport;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.kit.dtls.HandshakeListener;
import org.firstlight.kit.dtls.HandshakeReport;
import org.firstlight.kit.metrics.Metrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows failed handshakes to operators, with the cause in words. A flood of them shows only a few a
 * second; the counter counts all.
 */
public final class HandshakeEvents implements HandshakeListener {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeEvents.class);
  private static final String HOME = "handshakes";
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int MOST_IN_WINDOW = 50;
  private static final int LONGEST_NAME = 200;

  private final FleetState records;
  private final Metrics metrics;
  private final Clock clock;
  private Instant windowStart = Instant.EPOCH;
  private int inWindow;

  public HandshakeEvents(FleetState records, Metrics metrics, Clock clock) {
    this.records = records;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void established(InetSocketAddress address, long ms) {
    metrics.time("firstlight.handshake", Duration.ofMillis(ms), "server", "dm", "result", "ok");
  }

  @Override
  public void failed(HandshakeReport report) {
    metrics.time(
        "firstlight.handshake", Duration.ofMillis(report.ms()), "server", "dm", "result", "failed");
    if (!mayShow()) {
      return;
    }
    LOG.info("handshake with {} failed: {}", Addresses.text(report.address()), report.reason());
    Map<String, String> details = new TreeMap<>();
    details.put("server", "dm");
    details.put("address", Addresses.text(report.address()));
    details.put("reason", report.reason());
    report.subject().ifPresent(subject -> details.put("subject", brief(subject)));
    report.issuer().ifPresent(issuer -> details.put("issuer", brief(issuer)));
    FleetEvent event =
        new FleetEvent(
            clock.instant(), "handshake.failed", Optional.empty(), Optional.empty(), details);
    records
        .commit(Change.in(HOME).event(event).build())
        .exceptionally(
            away -> {
              LOG.debug("a failed handshake is not recorded", away);
              return null;
            });
  }

  /** A stranger chooses how long its names are. */
  private static String brief(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
  }

  private synchronized boolean mayShow() {
    Instant now = clock.instant();
    if (windowStart.plus(WINDOW).isBefore(now)) {
      windowStart = now;
      inWindow = 0;
    }
    return ++inWindow <= MOST_IN_WINDOW;
  }
}
