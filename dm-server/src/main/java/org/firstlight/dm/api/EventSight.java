package org.firstlight.dm.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.tenant.Tenant;

/**
 * Which events one follower sees: those of its tenant, and those of devices that it sees. Remembers
 * for some seconds what it has looked up. For one thread.
 */
final class EventSight implements Predicate<FleetEvent> {
  private static final Duration SEEN_FOR = Duration.ofSeconds(10);

  /** A device may come into sight at any moment. */
  private static final Duration UNSEEN_FOR = Duration.ofSeconds(1);

  private static final int REMEMBERED = 2000;

  /** What becomes of a device after the sale is not its maker's to see. */
  private static final Set<String> MAKERS =
      Set.of(
          "device.imported",
          "device.refused",
          "device.key-changed",
          "device.revoked",
          "device.restored",
          "device.retired");

  private final Devices devices;
  private final Principal principal;
  private final Clock clock;
  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Known(boolean seen, Instant until) {}

  EventSight(Devices devices, Principal principal, Clock clock) {
    this.devices = devices;
    this.principal = principal;
    this.clock = clock;
  }

  @Override
  public boolean test(FleetEvent event) {
    if (principal.isAdministrator()) {
      return true;
    }
    if (event.endpointName().isEmpty()) {
      return event.tenant().filter(principal.tenant()::equals).isPresent();
    }
    if (principal.kind() == Tenant.Kind.SERVICE_PROVIDER && event.tenant().isPresent()) {
      return concerns(event) && event.tenant().filter(principal.tenant()::equals).isPresent();
    }
    return concerns(event) && sees(event.endpointName().get());
  }

  private boolean concerns(FleetEvent event) {
    return switch (principal.kind()) {
      case MANUFACTURER -> MAKERS.contains(event.type());
      case SERVICE_PROVIDER -> !event.type().startsWith("subscription.");
      case MOBILE_OPERATOR, PLATFORM_OPERATOR -> true;
      case END_USER -> false;
    };
  }

  private boolean sees(EndpointName name) {
    Instant now = clock.instant();
    Known before = known.get(name.value());
    if (before == null || !now.isBefore(before.until())) {
      boolean seen = devices.find(name.value(), principal).result().isPresent();
      before = new Known(seen, now.plus(seen ? SEEN_FOR : UNSEEN_FOR));
      known.remove(name.value());
      known.put(name.value(), before);
    }
    return before.seen();
  }
}
