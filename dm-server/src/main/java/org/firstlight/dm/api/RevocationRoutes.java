package org.firstlight.dm.api;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.OcspStatus;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.RevocationStatus;

/** How it stands with what says which certificates of a manufacturer's CAs are revoked. */
final class RevocationRoutes {
  private final BlockingState state;
  private final Clock clock;

  RevocationRoutes(BlockingState state, Clock clock) {
    this.state = state;
    this.clock = clock;
  }

  /** What a list is good for. */
  enum Standing {
    FRESH,
    /** It could not be fetched in time: devices of its CA are refused. */
    STALE,
    /** There was none yet: the same. */
    MISSING
  }

  /**
   * @param staleAt until when it vouches for devices, should it not be fetched again
   * @param revoked how many certificates it names
   */
  record RevocationListView(
      String url,
      Standing standing,
      Optional<Instant> triedAt,
      Optional<String> fault,
      Optional<String> issuer,
      Optional<Instant> fetchedAt,
      Optional<Instant> staleAt,
      Optional<Instant> thisUpdate,
      Optional<Instant> nextUpdate,
      Optional<Integer> revoked) {
    static RevocationListView of(
        RevocationSource source, Optional<RevocationStatus> status, Instant now) {
      Optional<RevocationStatus.Held> held = status.flatMap(RevocationStatus::held);
      Standing standing =
          held.isEmpty()
              ? Standing.MISSING
              : status.get().isFresh(source, now) ? Standing.FRESH : Standing.STALE;
      return new RevocationListView(
          source.url(),
          standing,
          status.map(RevocationStatus::triedAt),
          status.flatMap(RevocationStatus::fault),
          held.map(RevocationStatus.Held::issuer),
          held.map(RevocationStatus.Held::fetchedAt),
          held.map(list -> list.fetchedAt().plus(source.staleAfter())),
          held.map(RevocationStatus.Held::thisUpdate),
          held.flatMap(RevocationStatus.Held::nextUpdate),
          held.map(RevocationStatus.Held::revoked));
    }
  }

  /**
   * @param fault why the last question got no answer; empty if it got one
   * @param answers questions that were answered so far
   * @param failures questions that were not
   */
  record OcspResponderView(
      String authority,
      String url,
      ResponderStanding standing,
      long answers,
      long failures,
      Optional<Instant> answeredAt,
      Optional<Instant> failedAt,
      Optional<String> fault) {
    static OcspResponderView of(OcspStatus.Health health) {
      return new OcspResponderView(
          health.authority(),
          health.url(),
          health.fault().isPresent()
              ? ResponderStanding.FAILING
              : health.answeredAt().isPresent()
                  ? ResponderStanding.ANSWERS
                  : ResponderStanding.NOT_ASKED,
          health.answers(),
          health.failures(),
          health.answeredAt(),
          health.failedAt(),
          health.fault());
    }
  }

  /** How an OCSP responder does. */
  enum ResponderStanding {
    ANSWERS,
    FAILING,
    /** No device of its CA came yet. */
    NOT_ASKED
  }

  Answer responders(Call call) {
    Manufacturer manufacturer = manufacturer(call);
    OcspStatus status =
        state
            .find(Kinds.OCSP_STATUS, manufacturer.id(), manufacturer.id())
            .map(Stored::value)
            .orElse(new OcspStatus(manufacturer.id(), List.of()));
    return Answer.ok(
        Call.Items.of(
            manufacturer.ocspResponders().stream()
                .map(responder -> OcspResponderView.of(status.of(responder)))
                .toList()));
  }

  Answer list(Call call) {
    Manufacturer manufacturer = manufacturer(call);
    Instant now = clock.instant();
    return Answer.ok(
        Call.Items.of(
            manufacturer.revocationLists().stream()
                .map(
                    source -> RevocationListView.of(source, status(manufacturer.id(), source), now))
                .toList()));
  }

  private Manufacturer manufacturer(Call call) {
    Principal by = call.principal();
    String id = call.id();
    Optional<Stored<Manufacturer>> manufacturer =
        by.isAdministrator() || id.equals(by.tenant())
            ? state.find(Kinds.MANUFACTURER, id, id)
            : Optional.empty();
    if (manufacturer.isEmpty()) {
      throw Call.refusal(FailureCode.NOT_FOUND, "there is no such manufacturer");
    }
    return manufacturer.get().value();
  }

  private Optional<RevocationStatus> status(String manufacturer, RevocationSource source) {
    String id = RevocationStatus.id(manufacturer, source.url());
    return state.find(Kinds.REVOCATION_STATUS, id, id).map(Stored::value);
  }
}
