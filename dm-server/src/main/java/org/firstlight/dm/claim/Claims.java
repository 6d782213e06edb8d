package org.firstlight.dm.claim;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.firstlight.dm.access.Attempts;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.device.Waiting;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;

/** Who owns which device. */
public final class Claims {
  /** The same for a code that is wrong, used, or of no device at all: no answer tells which. */
  private static final Failure NO_SUCH_CODE =
      Failure.of(FailureCode.NOT_FOUND, "no device can be claimed with this code");

  /** It does not know yet that it has an owner now. */
  private static final String TOLD = "claimed since";

  private final BlockingState state;
  private final Clock clock;
  private final Attempts attempts;

  public Claims(BlockingState state, Clock clock) {
    this.state = state;
    this.clock = clock;
    this.attempts = new Attempts(10, Duration.ofMinutes(1), clock);
  }

  /**
   * Claims the device whose box shows this code; the code is used up. Whoever owns the device by
   * this code gets the same answer again, and nothing changes: an answer that was lost is asked for
   * once more.
   */
  public Outcome<Stored<Device>> claim(String code, ClaimWish wish, Principal by) {
    Optional<Tenant> owner = state.find(Kinds.TENANT, wish.tenant()).map(Stored::value);
    if (owner.filter(found -> found.kind() == Tenant.Kind.SERVICE_PROVIDER).isEmpty()) {
      return Outcome.refused(
          FailureCode.MALFORMED, "tenant: is not a service provider that is known here");
    }
    if (!attempts.begin(by.tenant())) {
      return Outcome.refused(FailureCode.RATE_LIMITED, "too many codes were wrong: wait a minute");
    }
    return attempts.judged(by.tenant(), () -> takeOwn(code, wish));
  }

  /**
   * The same for a person whom nobody knows: whoever asks counts the wrong codes. Only the browser
   * that has claimed the device gets the same answer again.
   *
   * @param attempt what that browser alone knows
   */
  Outcome<Stored<Device>> byEndUser(String code, String attempt, ClaimWish wish) {
    return take(ClaimCode.sha256(code), ClaimCode.sha256(code + "." + attempt), wish);
  }

  /** By a code from a box, or by one that was made for this tenant alone. */
  private Outcome<Stored<Device>> takeOwn(String code, ClaimWish wish) {
    String sha256 = ClaimCode.sha256(code);
    Outcome<Stored<Device>> claimed = take(sha256, sha256, wish);
    String own = ClaimCode.sha256For(code, wish.tenant());
    return claimed.refusal().isPresent() ? take(own, own, wish) : claimed;
  }

  /**
   * @param proof hash of what the one who has claimed it shows when it asks again
   */
  private Outcome<Stored<Device>> take(String sha256, String proof, ClaimWish wish) {
    return state
        .find(Kinds.BY_CLAIM_CODE, sha256)
        .map(hint -> hint.value().endpointName())
        .flatMap(name -> take(name, sha256, proof, wish))
        .map(Outcome::done)
        .orElseGet(() -> Outcome.refused(NO_SUCH_CODE));
  }

  private Optional<Stored<Device>> take(
      EndpointName name, String sha256, String proof, ClaimWish wish) {
    AtomicBoolean taken = new AtomicBoolean();
    Optional<Stored<Device>> device =
        state.edit(
            Kinds.DEVICE,
            name.value(),
            name.value(),
            stored -> {
              Device found = stored.value();
              boolean open =
                  found.claimCodeSha256().filter(sha256::equals).isPresent()
                      && found.state() == DeviceState.EXPECTED
                      && found.revocation().isEmpty();
              taken.set(open || isTakenAlready(found, proof, wish));
              return open ? Optional.of(claimed(stored, proof, wish)) : Optional.empty();
            });
    return device.filter(found -> taken.get());
  }

  private static boolean isTakenAlready(Device device, String proof, ClaimWish wish) {
    return device
        .claim()
        .filter(claim -> claim.tenant().equals(wish.tenant()))
        .flatMap(Claim::codeSha256)
        .filter(proof::equals)
        .isPresent();
  }

  private Change claimed(Stored<Device> stored, String proof, ClaimWish wish) {
    Claim claim = wish.granted(clock.instant(), proof);
    Device owned =
        stored
            .value()
            .become(DeviceState.CLAIMED, claim.at())
            .withClaim(Optional.of(claim), Optional.empty())
            .withWaiting(stored.value().waiting().map(told -> new Waiting(TOLD, told.since())));
    Device device = wish.tags().isEmpty() ? owned : owned.withTags(wish.tags());
    return Change.in(stored.id())
        .guarded(true)
        .put(Kinds.DEVICE, stored.id(), stored.version(), device)
        .event(event("device.claimed", device.endpointName(), claim.tenant()))
        .build();
  }

  private FleetEvent event(String type, EndpointName name, String tenant) {
    return new FleetEvent(clock.instant(), type, Optional.of(name), Optional.of(tenant), Map.of());
  }
}
