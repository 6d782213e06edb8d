package org.firstlight.dm.custody;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.custody.PackageLine.Package;
import org.firstlight.dm.inventory.ImportReport;
import org.firstlight.dm.inventory.Lines;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.kit.http.Json;
import org.firstlight.kit.subscription.PackageCheck;
import org.firstlight.kit.subscription.SealedPackage;
import org.firstlight.kit.subscription.SubscriptionHeader;

/** Takes sealed packages in, and shows each operator its own. */
public final class Custody {
  private static final Lines LINES = new Lines(256 * 1024, 100_000, 100L * 1024 * 1024);
  private static final int TRIES = 5;

  /** States in which a subscription has no hold on its eUICC. */
  private static final Set<SubscriptionState> WITHOUT_HOLD =
      Set.of(SubscriptionState.FAILED, SubscriptionState.EXPIRED);

  private final BlockingState state;
  private final PackageCheck check;
  private final Clock clock;

  public Custody(BlockingState state, PackageCheck check, Clock clock) {
    this.state = state;
    this.check = check;
    this.clock = clock;
  }

  /** Imports a list of one package a line. A line that is refused stops nothing. */
  public Outcome<ImportReport> read(InputStream ndjson, Principal by) throws IOException {
    Optional<String> operatorId =
        state.find(Kinds.TENANT, by.tenant()).map(Stored::value).flatMap(Tenant::operatorId);
    if (operatorId.isEmpty()) {
      return Outcome.refused(
          FailureCode.CONFLICT, "this tenant has no operatorId, so no package can be its own");
    }
    ImportReport report = new ImportReport();
    LINES.read(
        ndjson,
        report,
        (line, json) ->
            Json.read(json, PackageLine.class)
                .then(PackageLine::parse)
                .then(parsed -> keep(parsed, by.tenant(), operatorId.get()))
                .refusal()
                .map(Failure::reason)
                .ifPresentOrElse(reason -> report.refuse(line, reason), report::accept));
    return Outcome.done(report);
  }

  /** Of two imports for one eUICC at once, one starts again. */
  private Outcome<Boolean> keep(Package sealed, String tenant, String operatorId) {
    for (int i = 0; i < TRIES; i++) {
      Optional<Outcome<Boolean>> done = tryToKeep(sealed, tenant, operatorId);
      if (done.isPresent()) {
        return done.get();
      }
    }
    return Outcome.refused(FailureCode.CONFLICT, "the device's record changes all the time");
  }

  private Optional<Outcome<Boolean>> tryToKeep(Package sealed, String tenant, String operatorId) {
    Optional<Stored<Device>> device = holder(sealed);
    if (device.isEmpty()) {
      return Optional.of(refused("eid: no device with this eUICC is known"));
    }
    String home = device.get().id();
    List<SealedSubscription> there =
        state.findAll(Kinds.SUBSCRIPTION, home).stream().map(Stored::value).toList();
    Optional<SealedSubscription> same =
        there.stream().filter(one -> one.packageId().equals(sealed.packageId())).findFirst();
    long lastCounter =
        there.stream()
            .filter(one -> one.operatorId().equals(operatorId))
            .filter(one -> same.isEmpty() || one.counter() < same.get().counter())
            .mapToLong(SealedSubscription::counter)
            .max()
            .orElse(-1);
    PackageCheck.Verdict verdict =
        check.check(
            sealed.cms(),
            new PackageCheck.Expected(
                sealed.eid(),
                Optional.of(sealed.packageId()),
                Optional.of(operatorId),
                lastCounter));
    if (verdict instanceof PackageCheck.Refused refused) {
      return Optional.of(refused(refused.reason()));
    }
    SealedPackage accepted = ((PackageCheck.Accepted) verdict).sealed();
    if (same.isPresent()) {
      return Optional.of(
          same.get().packageSha256().equals(accepted.sha256())
              ? Outcome.done(true)
              : refused("packageId: names another package that is here already"));
    }
    Optional<String> fault = unsuitable(accepted.header(), device.get().value(), there);
    if (fault.isPresent()) {
      return Optional.of(refused(fault.get()));
    }
    return store(device.get(), sealed, accepted, tenant);
  }

  private Optional<Stored<Device>> holder(Package sealed) {
    String eid = sealed.eid().value();
    return state
        .find(Kinds.BY_EID, eid)
        .flatMap(hint -> state.find(Kinds.DEVICE, hint.value().endpointName().value()))
        .filter(device -> device.value().eid().filter(sealed.eid()::equals).isPresent());
  }

  private Optional<String> unsuitable(
      SubscriptionHeader header, Device device, List<SealedSubscription> there) {
    if (device.state() == DeviceState.RETIRED || device.revocation().isPresent()) {
      return Optional.of("the device with this eUICC is out of service");
    }
    boolean anothers =
        there.stream()
            .anyMatch(
                one ->
                    !one.operatorId().equals(header.operatorId())
                        && !WITHOUT_HOLD.contains(one.state()));
    if (anothers) {
      return Optional.of("the eUICC has another operator's subscription");
    }
    boolean elsewhere =
        state
            .find(Kinds.BY_PACKAGE, header.packageId())
            .map(hint -> hint.value().endpointName())
            .filter(name -> !name.equals(device.endpointName()))
            .flatMap(name -> state.find(Kinds.SUBSCRIPTION, name.value(), header.packageId()))
            .isPresent();
    if (elsewhere) {
      return Optional.of("packageId: names another package that is here already");
    }
    return switch (header.action()) {
      case INSTALL, REPLACE -> Optional.empty();
      case DISABLE, ENABLE, DELETE ->
          Optional.of("a package that only changes a subscription is not delivered here");
    };
  }

  /** Empty if somebody was faster: the device's record goes along unchanged to notice it. */
  private Optional<Outcome<Boolean>> store(
      Stored<Device> device, Package sealed, SealedPackage accepted, String tenant) {
    SubscriptionHeader header = accepted.header();
    Instant now = clock.instant();
    SealedSubscription subscription =
        new SealedSubscription(
            header.packageId(),
            header.operatorId(),
            tenant,
            header.eid(),
            device.value().endpointName(),
            header.counter(),
            header.notBefore(),
            header.notAfter(),
            accepted.sha256(),
            Optional.of(sealed.sealed()),
            SubscriptionState.ASSIGNED,
            now,
            "its eUICC is in this device",
            Optional.empty(),
            Optional.empty());
    state.commit(
        Change.in(header.packageId())
            .put(
                Kinds.BY_PACKAGE,
                header.packageId(),
                Change.ANY_VERSION,
                new Hint(device.value().endpointName()))
            .build());
    CommitOutcome outcome =
        state.commit(
            Change.in(device.id())
                .put(Kinds.DEVICE, device.id(), device.version(), device.value())
                .put(Kinds.SUBSCRIPTION, header.packageId(), 0, subscription)
                .event(
                    new FleetEvent(
                        now,
                        "subscription.imported",
                        Optional.of(device.value().endpointName()),
                        Optional.of(tenant),
                        Map.of("package", header.packageId(), "operator", header.operatorId())))
                .build());
    return outcome instanceof CommitOutcome.Committed
        ? Optional.of(Outcome.done(true))
        : Optional.empty();
  }

  /** A page, by package id: an operator sees its own. */
  public Page<SealedSubscription> list(Principal by, Optional<String> cursor, int limit) {
    return state.list(Kinds.SUBSCRIPTION, cursor, limit, one -> isSeen(one, by));
  }

  public Outcome<SealedSubscription> find(String packageId, Principal by) {
    return state
        .find(Kinds.BY_PACKAGE, packageId)
        .flatMap(
            hint -> state.find(Kinds.SUBSCRIPTION, hint.value().endpointName().value(), packageId))
        .map(Stored::value)
        .filter(one -> isSeen(one, by))
        .map(Outcome::done)
        .orElseGet(() -> Outcome.refused(FailureCode.NOT_FOUND, "there is no such package"));
  }

  private static boolean isSeen(SealedSubscription one, Principal by) {
    return by.isAdministrator() || one.tenant().equals(by.tenant());
  }

  private static Outcome<Boolean> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }
}
