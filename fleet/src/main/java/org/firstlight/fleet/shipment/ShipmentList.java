package org.firstlight.fleet.shipment;

import java.time.Instant;
import java.util.Optional;

/**
 * A shipment list of any length, from its announcement to its last line. Its bytes and its report
 * are files of the node that took it.
 *
 * @param id follows from manufacturer and content: the same list has the same id
 * @param size in bytes
 * @param sha256 hex, of its bytes
 * @param signature the detached CMS signature, DER; empty where the platform operator vouches
 * @param signer hex SHA-256 of the pinned certificate that the signature names
 * @param node who holds its bytes and its report
 * @param by who brought it
 * @param received bytes that are stored; the next ones begin there
 * @param reason why it was refused or has failed
 */
public record ShipmentList(
    String id,
    String manufacturer,
    long size,
    String sha256,
    Optional<byte[]> signature,
    Optional<String> signer,
    String node,
    Bringer by,
    State state,
    long received,
    Progress progress,
    Optional<String> reason,
    Instant createdAt,
    Instant changedAt) {

  public enum State {
    /** Its bytes come. */
    RECEIVING,
    /** All bytes are here; none has had an effect yet. */
    VERIFYING,
    APPLYING,
    /** It was deleted while it was verified or applied; whoever does that takes it away. */
    DELETED,
    /** Each line was taken or refused. */
    DONE,
    /** It is not what was announced, or not signed as it must be: no line had an effect. */
    REFUSED,
    /** It ended before its end; what was applied stays. */
    FAILED;

    public boolean ended() {
      return this == DONE || this == REFUSED || this == FAILED;
    }
  }

  /**
   * Who brought a list, for the audit at its end.
   *
   * @param kind of the tenant
   * @param from the address that the request came from
   */
  public record Bringer(String tenant, String kind, String principal, String from) {}

  /**
   * How far it is applied. It is stored after each some thousand lines; a restart goes on here.
   *
   * @param position in the list's bytes
   * @param lines read, the empty ones too
   * @param accepted devices that are new
   * @param unchanged lines whose device was there already, as they say
   * @param reportBytes of the report that belong to these lines; what is behind is written again
   */
  public record Progress(
      long position, int lines, int accepted, int unchanged, int refused, long reportBytes) {
    public static final Progress NONE = new Progress(0, 0, 0, 0, 0, 0);
  }

  public ShipmentList receiving(long bytes, Instant now) {
    return new ShipmentList(
        id,
        manufacturer,
        size,
        sha256,
        signature,
        signer,
        node,
        by,
        bytes == size ? State.VERIFYING : State.RECEIVING,
        bytes,
        progress,
        reason,
        createdAt,
        now);
  }

  public ShipmentList applying(Progress reached, Instant now) {
    return with(State.APPLYING, reached, Optional.empty(), now);
  }

  /** Deleted, and for its worker to take away. */
  public ShipmentList deleted(Instant now) {
    return with(State.DELETED, progress, reason, now);
  }

  public ShipmentList ended(State how, Optional<String> why, Instant now) {
    return with(how, progress, why, now);
  }

  private ShipmentList with(State next, Progress reached, Optional<String> why, Instant now) {
    return new ShipmentList(
        id,
        manufacturer,
        size,
        sha256,
        signature,
        signer,
        node,
        by,
        next,
        received,
        reached,
        why,
        createdAt,
        now);
  }
}
