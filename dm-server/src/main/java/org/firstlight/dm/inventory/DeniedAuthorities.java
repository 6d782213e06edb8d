package org.firstlight.dm.inventory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.DeviceCertificates;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Leases;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.Certificates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes the devices that a CA vouched for whose key its manufacturer denies: what they were given
 * when it was trusted must not outlive it. One node does it, page by page; what it was interrupted
 * in, it finds again.
 */
public final class DeniedAuthorities {
  /** Why such a device may not come. */
  public static final String REASON = "the CA that vouched for it is denied by its manufacturer";

  private static final Logger LOG = LoggerFactory.getLogger(DeniedAuthorities.class);
  private static final String NAME = "denied-authorities";
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int PAGE = 200;

  private final FleetState records;
  private final Leases leases;
  private final RecordsView<Manufacturer, List<Denied>> denied;
  private final Clock clock;
  private final String node;
  private final AtomicBoolean running = new AtomicBoolean();

  /** A CA that is in a manufacturer's record, with its key among the denied ones. */
  private record Denied(String manufacturer, String keySha256) {
    static List<Denied> of(List<Manufacturer> manufacturers) {
      return manufacturers.stream()
          .flatMap(
              maker ->
                  maker.anchors().stream()
                      .flatMap(pem -> ManufacturerDocument.certificates(pem).stream())
                      .map(Certificates::keySha256)
                      .filter(maker.deniedKeys()::contains)
                      .map(key -> new Denied(maker.id(), key)))
          .distinct()
          .toList();
    }

    boolean vouchedFor(Device device) {
      return device.manufacturer().equals(manufacturer)
          && device.authority().filter(keySha256::equals).isPresent();
    }
  }

  /**
   * @param node as it takes the lease
   */
  public DeniedAuthorities(FleetState records, Leases leases, Clock clock, String node) {
    this.records = records;
    this.leases = leases;
    this.denied = new RecordsView<>(records, Kinds.MANUFACTURER, Denied::of);
    this.clock = clock;
    this.node = node;
  }

  /**
   * Looks at what is denied now, and begins to revoke where there is something to revoke; the stage
   * completes when it has looked.
   */
  public CompletionStage<Void> look() {
    return denied
        .refresh()
        .thenAccept(
            now -> {
              if (!now.isEmpty() && running.compareAndSet(false, true)) {
                CompletableFuture.completedStage(null)
                    .thenCompose(begin -> revokeAll(now))
                    .whenComplete(
                        (done, fault) -> {
                          running.set(false);
                          if (fault != null) {
                            LOG.warn("devices of a denied CA could not be revoked now", fault);
                          }
                        });
              }
            });
  }

  private CompletionStage<Void> revokeAll(List<Denied> all) {
    CompletionStage<Void> revoked = CompletableFuture.completedStage(null);
    for (Denied one : all) {
      revoked = revoked.thenCompose(before -> revoke(one, Optional.empty()));
    }
    return revoked;
  }

  /** Where to go on: at the first page again while there was something to do on this one. */
  private record Next(boolean more, Optional<String> cursor) {
    static final Next NONE = new Next(false, Optional.empty());
    static final Next FIRST_PAGE = new Next(true, Optional.empty());
  }

  /** Page after page. */
  private CompletionStage<Void> revoke(Denied authority, Optional<String> cursor) {
    return leases
        .take(NAME, node, LEASE)
        .thenCompose(
            mine -> mine ? page(authority, cursor) : CompletableFuture.completedStage(Next.NONE))
        .thenCompose(
            next ->
                next.more()
                    ? revoke(authority, next.cursor())
                    : CompletableFuture.completedStage(null));
  }

  private CompletionStage<Next> page(Denied authority, Optional<String> cursor) {
    Search search =
        new Search(
            Set.of(
                DeviceIndex.authority(authority.keySha256()),
                DeviceIndex.manufacturer(authority.manufacturer()),
                DeviceIndex.revoked(false)),
            Optional.empty(),
            DeviceIndex.BY_NAME,
            false);
    return records
        .search(Kinds.DEVICE, search, cursor, PAGE)
        .thenCompose(
            page ->
                revoke(page.items(), authority)
                    .thenApply(
                        revoked ->
                            revoked > 0
                                ? Next.FIRST_PAGE
                                : new Next(page.next().isPresent(), page.next())));
  }

  /** How many of these are revoked now that were not. */
  private CompletionStage<Integer> revoke(List<Stored<Device>> page, Denied authority) {
    List<CompletableFuture<Boolean>> all =
        page.stream()
            .map(Stored::value)
            .filter(authority::vouchedFor)
            .map(device -> revoke(device, authority).toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> (int) all.stream().filter(CompletableFuture::join).count());
  }

  private CompletionStage<Boolean> revoke(Device found, Denied authority) {
    AtomicBoolean changed = new AtomicBoolean();
    String home = found.endpointName().value();
    return records
        .findAll(Kinds.CERTIFICATE, home)
        .thenApply(DeviceCertificates::of)
        .thenCompose(
            certificates ->
                records.edit(
                    Kinds.DEVICE,
                    home,
                    home,
                    stored -> {
                      boolean now =
                          authority.vouchedFor(stored.value())
                              && stored.value().revocation().isEmpty();
                      changed.set(now);
                      return now ? Optional.of(revoked(stored, certificates)) : Optional.empty();
                    }))
        .thenApply(done -> changed.get());
  }

  private Change revoked(Stored<Device> stored, DeviceCertificates certificates) {
    Device device = stored.value();
    return Change.in(stored.id())
        .put(
            Kinds.DEVICE, stored.id(), stored.version(), device.withRevocation(Optional.of(REASON)))
        .edits(certificates.suspension(clock.instant()))
        .registration(RegistrationEdit.EndAll.ofAnyAge())
        .event(
            new FleetEvent(
                clock.instant(),
                "device.revoked",
                Optional.of(device.endpointName()),
                device.owner(),
                Map.of("reason", REASON)))
        .build();
  }
}
