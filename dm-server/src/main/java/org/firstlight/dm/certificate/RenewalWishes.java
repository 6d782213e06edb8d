package org.firstlight.dm.certificate;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/** Which devices are to get another certificate: asked for by people, or because it is time. */
public final class RenewalWishes {
  private final FleetState records;
  private final Clock clock;

  public RenewalWishes(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /**
   * Wishes it for the device's current certificate; every node that holds the device hears of it.
   *
   * @param by who asked, for the event
   */
  public CompletionStage<Outcome<RenewalWish>> wish(Device device, String by) {
    if (device.withdrawn()) {
      return refused("the device is revoked or retired");
    }
    String home = device.endpointName().value();
    return records
        .findAll(Kinds.CERTIFICATE, home)
        .thenCompose(
            all ->
                current(all)
                    .map(one -> wish(device, one, by))
                    .orElseGet(() -> refused("the device has no certificate in use")));
  }

  private CompletionStage<Outcome<RenewalWish>> wish(
      Device device, Stored<OperationalCertificate> current, String by) {
    OperationalCertificate one = current.value();
    RenewalWish wish =
        new RenewalWish(
            device.endpointName(),
            one.account(),
            one.serialNumber(),
            clock.instant(),
            Optional.empty());
    String home = device.endpointName().value();
    Change change =
        Change.in(home)
            .keep(Kinds.CERTIFICATE, current.id(), current.version())
            .put(Kinds.RENEWAL, home, Change.ANY_VERSION, wish)
            .event(event(device, "certificate.renewal-asked", wish, Map.of("by", by)))
            .build();
    return records
        .commit(change)
        .thenApply(
            outcome ->
                outcome instanceof CommitOutcome.Committed
                    ? Outcome.done(wish)
                    : Outcome.refused(
                        FailureCode.CONFLICT, "the device gets another certificate just now"));
  }

  private static CompletionStage<Outcome<RenewalWish>> refused(String why) {
    return CompletableFuture.completedStage(Outcome.refused(FailureCode.CONFLICT, why));
  }

  /** The first to end, of those in use. */
  static Optional<Stored<OperationalCertificate>> current(
      List<Stored<OperationalCertificate>> all) {
    return all.stream()
        .filter(one -> OperationalCertificate.isCurrentId(one.id()))
        .min(Comparator.comparing(one -> one.value().notAfter()));
  }

  /** The device's wish, if it has not been told yet and has no other certificate meanwhile. */
  CompletionStage<Optional<RenewalWish>> open(EndpointName name) {
    return records
        .find(Kinds.RENEWAL, name.value(), name.value())
        .thenApply(found -> found.map(Stored::value).filter(wish -> wish.toldAt().isEmpty()))
        .thenCompose(
            wish ->
                wish.isEmpty()
                    ? CompletableFuture.completedStage(wish)
                    : records
                        .findAll(Kinds.CERTIFICATE, name.value())
                        .thenApply(all -> wish.filter(one -> isFor(one, all))));
  }

  private static boolean isFor(RenewalWish wish, List<Stored<OperationalCertificate>> all) {
    return all.stream()
        .filter(one -> OperationalCertificate.isCurrentId(one.id()))
        .anyMatch(one -> one.value().serialNumber().equals(wish.serialNumber()));
  }

  /**
   * The device was told, and is not told again for a while.
   *
   * @param refusal what it said if it did not want to hear of it
   */
  CompletionStage<Void> told(RenewalWish wish, Optional<Failure> refusal) {
    Instant now = clock.instant();
    String home = wish.endpointName().value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCompose(
            device ->
                records.edit(
                    Kinds.RENEWAL,
                    home,
                    home,
                    stored ->
                        stored.value().equals(wish)
                            ? Optional.of(told(stored, device, refusal, now))
                            : Optional.empty()))
        .thenApply(done -> null);
  }

  private Change told(
      Stored<RenewalWish> stored,
      Optional<Stored<Device>> device,
      Optional<Failure> refusal,
      Instant now) {
    Change.Builder change =
        Change.in(stored.id())
            .put(Kinds.RENEWAL, stored.id(), stored.version(), stored.value().told(now));
    if (device.isPresent() && refusal.isPresent()) {
      change.event(
          event(
              device.get().value(),
              "certificate.renewal-refused",
              stored.value(),
              Map.of("reason", refusal.get().reason())));
    }
    return change.build();
  }

  private FleetEvent event(Device device, String type, RenewalWish wish, Map<String, String> more) {
    Map<String, String> details = new HashMap<>(more);
    details.put("account", Integer.toString(wish.account()));
    details.put("serialNumber", wish.serialNumber());
    return new FleetEvent(
        clock.instant(), type, Optional.of(device.endpointName()), device.owner(), details);
  }
}
