package org.firstlight.dm.access;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.firstlight.dm.access.SignIn.Caller;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DevicePass;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;

/**
 * Lets the end user who claimed a device look at it. A pass reads {@code <name>.fl_<id>_<secret>},
 * the name in Base64url: it says where its record lies, and is worth nothing elsewhere.
 */
public final class DevicePasses {
  public static final Duration LIFETIME = Duration.ofDays(30);

  private static final int MOST_OF_A_DEVICE = 5;

  private final FleetState records;
  private final BlockingState state;
  private final Clock clock;

  public DevicePasses(FleetState records, Clock clock) {
    this.records = records;
    this.state = new BlockingState(records);
    this.clock = clock;
  }

  /**
   * A pass that was given.
   *
   * @param text for the browser alone
   */
  public record Issued(Caller caller, String text) {
    @Override
    public String toString() {
      return "Issued[" + caller.principal() + "]";
    }
  }

  /** A pass to a device that has just been claimed. */
  public Issued issue(EndpointName name, Claim claim) {
    TokenText text = TokenText.random();
    Instant now = clock.instant();
    // ids sort by time, so that the oldest goes
    String id = "%013d-%s".formatted(now.toEpochMilli(), text.id());
    DevicePass pass =
        new DevicePass(id, text.secretSha256(), claim.tenant(), claim.at(), now.plus(LIFETIME));
    state.commit(
        Change.in(name.value()).put(Kinds.DEVICE_PASS, id, Change.ANY_VERSION, pass).build());
    BlockingState.await(records.prune(Kinds.DEVICE_PASS, name.value(), MOST_OF_A_DEVICE));
    return new Issued(
        caller(name, pass, text),
        Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(name.value().getBytes(StandardCharsets.UTF_8))
            + "."
            + now.toEpochMilli()
            + "."
            + text.text());
  }

  /** Who holds this pass, while its claim lasts; the caller's name is the device's. */
  public Optional<Caller> find(String text) {
    String[] parts = text.split("\\.", 4);
    if (parts.length != 3 || !parts[1].matches("[0-9]{1,13}")) {
      return Optional.empty();
    }
    Optional<TokenText> given = TokenText.parse(parts[2]);
    Optional<EndpointName> name = name(parts[0]);
    if (given.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    String id = "%013d-%s".formatted(Long.parseLong(parts[1]), given.get().id());
    String home = name.get().value();
    return state
        .find(Kinds.DEVICE_PASS, home, id)
        .map(Stored::value)
        .filter(pass -> given.get().opens(pass.secretSha256()))
        .filter(
            pass -> claim(home).filter(claim -> pass.isGood(claim, clock.instant())).isPresent())
        .map(pass -> caller(name.get(), pass, given.get()));
  }

  private Optional<Claim> claim(String home) {
    return state.find(Kinds.DEVICE, home).map(Stored::value).flatMap(Device::claim);
  }

  private static Optional<EndpointName> name(String base64) {
    try {
      return EndpointName.of(
          new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException odd) {
      return Optional.empty();
    }
  }

  private static Caller caller(EndpointName name, DevicePass pass, TokenText text) {
    return new Caller(
        new Principal(
            pass.tenant(),
            Tenant.Kind.END_USER,
            pass.id(),
            Role.VIEWER,
            Optional.empty(),
            Optional.empty()),
        name.value(),
        Optional.of(text.csrf()),
        Optional.of(pass.expiresAt()),
        true);
  }
}
