package org.firstlight.dm.registration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events of refused devices: the same refusal of the same device once a minute. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final Duration SILENCE = Duration.ofMinutes(1);
  private static final int REMEMBERED = 10_000;

  private record Key(EndpointName endpointName, Failure failure) {}

  private final FleetState records;
  private final Clock clock;
  private final Map<Key, Instant> told =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };

  Refusals(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  void tell(EndpointName endpointName, Failure failure) {
    if (!isNews(new Key(endpointName, failure))) {
      return;
    }
    LOG.info("{} is refused: {}", endpointName, failure.reason());
    String home = endpointName.value();
    records
        .find(Kinds.DEVICE, home, home)
        .thenCompose(
            device ->
                records.commit(
                    Change.in(home)
                        .event(event(endpointName, device.map(Stored::value), failure))
                        .build()))
        .exceptionally(
            away -> {
              LOG.debug("the refusal of {} is not recorded", endpointName, away);
              return null;
            });
  }

  private synchronized boolean isNews(Key key) {
    Instant now = clock.instant();
    Instant last = told.get(key);
    if (last != null && last.plus(SILENCE).isAfter(now)) {
      return false;
    }
    told.put(key, now);
    return true;
  }

  private FleetEvent event(EndpointName endpointName, Optional<Device> device, Failure failure) {
    return new FleetEvent(
        clock.instant(),
        "device.refused",
        Optional.of(endpointName),
        device.flatMap(Device::owner),
        Map.of("code", failure.code().name(), "reason", failure.reason(), "on", "register"));
  }
}
