package org.firstlight.dm.certificate;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.Sight;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;

/** The certificates that devices have and had, as a principal may see them. */
public final class IssuedCertificates {
  private final FleetState records;
  private final BlockingState state;
  private final Clock clock;

  public IssuedCertificates(FleetState records, Clock clock) {
    this.records = records;
    this.state = new BlockingState(records);
    this.clock = clock;
  }

  /** Those of a device whose time is not over, the newest first; an owner's of its own time. */
  public List<IssuedCertificate> of(Device device, Principal by) {
    String home = device.endpointName().value();
    Instant now = clock.instant();
    Optional<RenewalWish> wish = state.find(Kinds.RENEWAL, home).map(Stored::value);
    Map<String, IssuedCertificate> all = new HashMap<>();
    state
        .findAll(Kinds.CERTIFICATE, home)
        .forEach(one -> all.put(one.value().serialNumber(), IssuedCertificate.of(one, wish, now)));
    state.findAll(Kinds.REVOKED_CERTIFICATE, home).stream()
        .map(Stored::value)
        .filter(seen(device, by))
        .forEach(one -> all.put(one.serialNumber(), IssuedCertificate.of(one)));
    return all.values().stream()
        .sorted(Comparator.comparing(IssuedCertificate::notBefore).reversed())
        .toList();
  }

  /**
   * Which of a device's ended certificates somebody may know of: an owner those of its own time.
   */
  public static Predicate<RevokedCertificate> seen(Device device, Principal by) {
    Optional<Instant> from =
        device.claim().filter(claim -> by.kind() == Tenant.Kind.SERVICE_PROVIDER).map(Claim::at);
    return one ->
        from.isEmpty()
            || one.revokedAt().isAfter(from.get())
                && one.reason() != RevocationReason.AFFILIATION_CHANGED;
  }

  /** A page of what ends before a moment. */
  public record Ending(List<IssuedCertificate> items, Optional<String> next) {}

  /** Current certificates that end before this moment, the first to end first. */
  public Ending endingBefore(Instant moment, Principal by, Optional<String> cursor, int limit) {
    Search search =
        new Search(
            Sight.word(by).map(Set::of).orElse(Set.of()),
            Optional.empty(),
            DeviceIndex.BY_CERTIFICATE_END,
            false);
    Page<Device> page = state.search(Kinds.DEVICE, search, cursor, limit);
    List<CompletableFuture<Optional<IssuedCertificate>>> first =
        page.items().stream().map(device -> current(device.id())).toList();
    BlockingState.await(CompletableFuture.allOf(first.toArray(CompletableFuture[]::new)));
    List<IssuedCertificate> ending = new ArrayList<>();
    for (CompletableFuture<Optional<IssuedCertificate>> one : first) {
      Optional<IssuedCertificate> current = one.join();
      if (current.filter(found -> !found.notAfter().isBefore(moment)).isPresent()) {
        return new Ending(ending, Optional.empty());
      }
      current.ifPresent(ending::add);
    }
    return new Ending(ending, page.next());
  }

  private CompletableFuture<Optional<IssuedCertificate>> current(String home) {
    Instant now = clock.instant();
    return records
        .findAll(Kinds.CERTIFICATE, home)
        .thenCombine(
            records.find(Kinds.RENEWAL, home, home),
            (all, wish) ->
                RenewalWishes.current(all)
                    .map(one -> IssuedCertificate.of(one, wish.map(Stored::value), now)))
        .toCompletableFuture();
  }
}
