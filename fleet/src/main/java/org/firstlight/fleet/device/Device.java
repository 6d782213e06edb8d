package org.firstlight.fleet.device;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One device, from the line in a shipment list to its retirement.
 *
 * @param factoryId id that the manufacturer's identity rule yields for its certificate
 * @param factoryKeySha256 hex SHA-256 of its certificate's SubjectPublicKeyInfo, once known
 * @param eid its eUICC, if it has one
 * @param claimCodeSha256 hex SHA-256 of the claim code; empty once used
 * @param claim its owner; empty while nobody has claimed it
 * @param stateBeforeLost the state to return to at the next Register, while {@code LOST}
 * @param revocation why it may not come in any more; empty while it may
 * @param lastSessionId its newest bootstrap session
 * @param waiting that it was told to come later, at its last try
 * @param tags short words of its owner to find it by; {@code group:x} puts it in a group
 * @param authority hex SHA-256 of the public key of its manufacturer's CA that vouched for it when
 *     it last bootstrapped; empty while none has
 */
public record Device(
    EndpointName endpointName,
    String manufacturer,
    String factoryId,
    Optional<String> factoryKeySha256,
    String model,
    String serialNumber,
    Optional<Eid> eid,
    Optional<String> claimCodeSha256,
    Optional<Claim> claim,
    DeviceState state,
    Instant stateSince,
    Optional<DeviceState> stateBeforeLost,
    Optional<String> revocation,
    Optional<String> lastSessionId,
    Optional<Waiting> waiting,
    Set<String> tags,
    Optional<String> authority) {

  /** Manufacturer id of the clients that {@code connect} lets in. */
  public static final String CONNECTED = "connect";

  /** Factory id, with {@link #CONNECTED}, of a client that comes without security, on loopback. */
  public static final String NO_SECURITY = "nosec";

  public Device {
    tags = Set.copyOf(tags);
  }

  /** Whether this client was let in without any credential: then plain coap on loopback will do. */
  public boolean mayComeWithoutSecurity() {
    return manufacturer.equals(CONNECTED) && factoryId.equals(NO_SECURITY);
  }

  /** Whether it is let in nowhere, whatever credential it has. */
  public boolean withdrawn() {
    return revocation.isPresent() || state == DeviceState.RETIRED;
  }

  public Optional<String> owner() {
    return claim.map(Claim::tenant);
  }

  /**
   * The same device one step on.
   *
   * @throws IllegalStateException if the transition table has no such step
   */
  public Device become(DeviceState next, Instant now) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("a device in %s cannot become %s".formatted(state, next));
    }
    Optional<DeviceState> before = next == DeviceState.LOST ? Optional.of(state) : Optional.empty();
    return with(
        draft -> {
          draft.state = next;
          draft.stateSince = now;
          draft.stateBeforeLost = before;
          draft.waiting = Optional.empty();
        });
  }

  /**
   * With another owner or none; what it waited for is over. Whom it leaves takes its tags along.
   */
  public Device withClaim(Optional<Claim> newClaim, Optional<String> newClaimCodeSha256) {
    boolean stays = claim.isEmpty() || owner().equals(newClaim.map(Claim::tenant));
    return with(
        draft -> {
          draft.claim = newClaim;
          draft.claimCodeSha256 = newClaimCodeSha256;
          draft.waiting = Optional.empty();
          draft.tags = stays ? tags : Set.of();
        });
  }

  public Device withFactoryKey(String sha256) {
    return with(draft -> draft.factoryKeySha256 = Optional.of(sha256));
  }

  public Device withRevocation(Optional<String> reason) {
    return with(draft -> draft.revocation = reason);
  }

  public Device withLastSession(String sessionId) {
    return with(draft -> draft.lastSessionId = Optional.of(sessionId));
  }

  public Device withWaiting(Optional<Waiting> newWaiting) {
    return with(draft -> draft.waiting = newWaiting);
  }

  public Device withTags(Set<String> newTags) {
    return with(draft -> draft.tags = newTags);
  }

  /** With the CA that vouches for it now. */
  public Device vouchedForBy(Optional<String> authoritySha256) {
    return with(draft -> draft.authority = authoritySha256);
  }

  private Device with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /** What may change in a device's life; the rest is as its maker shipped it. */
  private static final class Draft {
    private final Device before;
    private Optional<String> factoryKeySha256;
    private Optional<String> claimCodeSha256;
    private Optional<Claim> claim;
    private DeviceState state;
    private Instant stateSince;
    private Optional<DeviceState> stateBeforeLost;
    private Optional<String> revocation;
    private Optional<String> lastSessionId;
    private Optional<Waiting> waiting;
    private Set<String> tags;
    private Optional<String> authority;

    Draft(Device before) {
      this.before = before;
      factoryKeySha256 = before.factoryKeySha256;
      claimCodeSha256 = before.claimCodeSha256;
      claim = before.claim;
      state = before.state;
      stateSince = before.stateSince;
      stateBeforeLost = before.stateBeforeLost;
      revocation = before.revocation;
      lastSessionId = before.lastSessionId;
      waiting = before.waiting;
      tags = before.tags;
      authority = before.authority;
    }

    Device finished() {
      return new Device(
          before.endpointName,
          before.manufacturer,
          before.factoryId,
          factoryKeySha256,
          before.model,
          before.serialNumber,
          before.eid,
          claimCodeSha256,
          claim,
          state,
          stateSince,
          stateBeforeLost,
          revocation,
          lastSessionId,
          waiting,
          tags,
          authority);
    }
  }
}
