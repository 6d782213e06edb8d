package org.firstlight.dm.claim;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Withdrawal;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Hint;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From one owner to the next, or to none. Whoever comes next gets a device that has to bootstrap
 * again: its operational credentials end, and what it told and held is forgotten, in the change
 * that takes the owner away.
 */
public final class Handover {
  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

  private static final Failure NO_OWNER =
      Failure.of(FailureCode.CONFLICT, "it has no owner, or is out of service");

  private static final Failure OUT_OF_SERVICE =
      Failure.of(FailureCode.CONFLICT, "it is out of service");

  /**
   * A device without an owner.
   *
   * @param code that claims it
   * @param version of the device's record
   */
  public record Released(String code, long version) {
    @Override
    public String toString() {
      return "Released[]";
    }
  }

  private final BlockingState state;
  private final Withdrawal withdrawal;
  private final Clock clock;

  public Handover(BlockingState state, Withdrawal withdrawal, Clock clock) {
    this.state = state;
    this.withdrawal = withdrawal;
    this.clock = clock;
  }

  /**
   * Gives the device up: whoever has the new code claims it.
   *
   * @return the new code, for the one who lets go; it is nowhere else
   */
  public Outcome<Released> release(EndpointName name, IfMatch ifMatch) {
    String code = ClaimCode.random();
    return release(name, ifMatch, code, ClaimCode.sha256(code));
  }

  /**
   * Gives the device up to one tenant: nobody else can do anything with the new code. Whether there
   * is such a tenant is not told.
   */
  public Outcome<Released> offer(EndpointName name, IfMatch ifMatch, String tenant) {
    String code = ClaimCode.random();
    return release(name, ifMatch, code, ClaimCode.sha256For(code, tenant));
  }

  private Outcome<Released> release(
      EndpointName name, IfMatch ifMatch, String code, String sha256) {
    long version = state.find(Kinds.DEVICE, name.value()).map(Stored::version).orElse(0L);
    Optional<Failure> stale = ifMatch.refuse(version);
    if (stale.isPresent()) {
      return Outcome.refused(stale.get());
    }
    state.commit(
        Change.in(sha256)
            .put(Kinds.BY_CLAIM_CODE, sha256, Change.ANY_VERSION, new Hint(name))
            .build());
    return letGo(
            name,
            stored -> ifMatch.refuse(stored.version()).or(() -> withoutOwner(stored.value())),
            stored -> released(stored, sha256))
        .map(device -> new Released(code, device.version()));
  }

  /** Moves the device to this tenant at once, whoever owns it now; its open claim code ends. */
  public Outcome<Stored<Device>> transfer(EndpointName name, IfMatch ifMatch, String tenant) {
    Optional<Tenant> to = state.find(Kinds.TENANT, tenant).map(Stored::value);
    if (to.filter(found -> found.kind() == Tenant.Kind.SERVICE_PROVIDER).isEmpty()) {
      return Outcome.refused(
          FailureCode.MALFORMED, "tenant: is not a service provider that is known here");
    }
    return letGo(
        name,
        stored ->
            ifMatch.refuse(stored.version()).or(() -> notTransferable(stored.value(), tenant)),
        stored -> transferred(stored, tenant));
  }

  /** Takes the device from its owner with that change, and then what outlives the change. */
  private Outcome<Stored<Device>> letGo(
      EndpointName name,
      Function<Stored<Device>, Optional<Failure>> refusal,
      Function<Stored<Device>, Change> change) {
    AtomicReference<Optional<String>> used = new AtomicReference<>(Optional.empty());
    AtomicReference<Optional<Failure>> refused = new AtomicReference<>(Optional.of(NO_OWNER));
    Optional<Stored<Device>> device =
        state.edit(
            Kinds.DEVICE,
            name.value(),
            name.value(),
            stored -> {
              used.set(stored.value().claim().flatMap(Claim::codeSha256));
              refused.set(refusal.apply(stored));
              return refused.get().isPresent()
                  ? Optional.empty()
                  : Optional.of(change.apply(stored));
            });
    if (refused.get().isPresent() || device.isEmpty()) {
      return Outcome.refused(refused.get().orElse(NO_OWNER));
    }
    used.get().ifPresent(code -> afterwards(() -> forgetCode(code)));
    afterwards(() -> withdrawal.forgetValues(name));
    return Outcome.done(device.get());
  }

  /** The owner has changed and the answer holds the only copy of the code: it must go out. */
  private static void afterwards(Runnable tidying) {
    try {
      tidying.run();
    } catch (DependencyUnavailableException away) {
      LOG.warn("what a hand-over leaves behind is not tidied up: {}", away.toString());
    }
  }

  private void forgetCode(String sha256) {
    state.commit(Change.in(sha256).delete(Kinds.BY_CLAIM_CODE, sha256, Change.ANY_VERSION).build());
  }

  private static Optional<Failure> withoutOwner(Device device) {
    return device.owner().isPresent() && device.state().mayBecome(DeviceState.EXPECTED)
        ? Optional.empty()
        : Optional.of(NO_OWNER);
  }

  private static Optional<Failure> notTransferable(Device device, String tenant) {
    if (device.owner().filter(tenant::equals).isPresent()) {
      return Optional.of(Failure.of(FailureCode.CONFLICT, "it is this tenant's already"));
    }
    boolean free = device.state() == DeviceState.EXPECTED;
    return (free || device.state().mayBecome(DeviceState.EXPECTED)) && !device.withdrawn()
        ? Optional.empty()
        : Optional.of(OUT_OF_SERVICE);
  }

  private Change released(Stored<Device> stored, String sha256) {
    return parted(stored, freed(stored.value()).withClaim(Optional.empty(), Optional.of(sha256)))
        .build();
  }

  private Change transferred(Stored<Device> stored, String tenant) {
    Instant now = clock.instant();
    Claim claim = new Claim(tenant, now, List.of());
    Device device =
        freed(stored.value())
            .become(DeviceState.CLAIMED, now)
            .withClaim(Optional.of(claim), Optional.empty());
    return parted(stored, device)
        .event(event("device.claimed", device.endpointName(), tenant))
        .build();
  }

  private Device freed(Device device) {
    return device.state() == DeviceState.EXPECTED
        ? device
        : device.become(DeviceState.EXPECTED, clock.instant());
  }

  private Change.Builder parted(Stored<Device> stored, Device next) {
    EndpointName name = next.endpointName();
    Change.Builder change =
        Change.in(stored.id()).guarded(true).put(Kinds.DEVICE, stored.id(), stored.version(), next);
    stored
        .value()
        .owner()
        .ifPresent(before -> change.event(event("device.released", name, before)));
    withdrawal.endRegistrations(change);
    withdrawal.endCredentials(change, name, clock.instant(), RevocationReason.AFFILIATION_CHANGED);
    withdrawal.endOwnersRecords(change, name);
    return change;
  }

  private FleetEvent event(String type, EndpointName name, String tenant) {
    return new FleetEvent(clock.instant(), type, Optional.of(name), Optional.of(tenant), Map.of());
  }
}
