package org.firstlight.dm.claim;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.access.Attempts;
import org.firstlight.dm.access.DevicePasses;
import org.firstlight.dm.access.Network;
import org.firstlight.fleet.device.ClaimAnswers;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.ClaimPage;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Stored;

/**
 * Claims by people whom nobody knows, on a service provider's page. Wrong codes are counted by
 * address, and by page: on a page that is being guessed at, who has been wrong before has to wait,
 * and who tries for the first time has not, so that nobody keeps the owner of a box out. An IPv6
 * /48 counts as one then, and has 60 tries a minute at most: it may be one customer's.
 */
public final class EndUserClaims {
  private static final Failure SLOWER =
      Failure.of(FailureCode.RATE_LIMITED, "too many codes were wrong: wait a minute");

  private final Claims claims;
  private final DevicePasses passes;
  private final Attempts byAddress;
  private final Attempts byWide;
  private final Attempts byPage;
  private final Attempts before;
  private final Attempts byDevice;

  public EndUserClaims(Claims claims, DevicePasses passes, Clock clock) {
    this.claims = claims;
    this.passes = passes;
    this.byAddress = new Attempts(10, Duration.ofMinutes(1), clock);
    this.byWide = new Attempts(60, Duration.ofMinutes(1), clock);
    this.byPage = new Attempts(300, Duration.ofMinutes(1), clock);
    this.before = new Attempts(1, Duration.ofMinutes(1), clock);
    this.byDevice = new Attempts(10, Duration.ofHours(1), clock);
  }

  /**
   * @param pass what lets its holder look at the device
   */
  public record Claimed(Stored<Device> device, DevicePasses.Issued pass) {}

  /**
   * What somebody asks for.
   *
   * @param attempt random; the same when the same browser asks once more
   */
  public record Request(String code, String attempt, ClaimAnswers answers) {
    @Override
    public String toString() {
      return "Request[]";
    }
  }

  /**
   * @param from address of the browser
   */
  public Outcome<Claimed> claim(ClaimPage page, Request request, String from) {
    String code = request.code();
    ClaimAnswers answers = request.answers();
    Optional<ClaimPage.PlanOffer> chosen = page.chosen(answers);
    if (chosen.isEmpty()) {
      return Outcome.refused(
          FailureCode.MALFORMED, "country, coverage, servicePlan: are not offered here together");
    }
    Optional<String> odd = ClaimCode.fault(code);
    if (odd.isPresent()) {
      return Outcome.refused(FailureCode.MALFORMED, "code: " + odd.get());
    }
    String network = Network.of(from);
    String wide = Network.wide(from);
    boolean slower = byPage.exhausted(page.id()) && before.exhausted(wide);
    if (slower || byWide.exhausted(wide) || !byAddress.begin(network)) {
      return Outcome.refused(SLOWER);
    }
    // counted before it is tried, so that many at once are no more
    byWide.failed(wide);
    before.failed(wide);
    byPage.failed(page.id());
    ClaimWish wish =
        new ClaimWish(page.tenant(), chosen.get().plmns(), Optional.of(answers), Set.of());
    Outcome<Stored<Device>> claimed =
        byAddress.judged(
            network,
            () ->
                byWide.judged(
                    wide,
                    () ->
                        before.judged(
                            wide,
                            () ->
                                byPage.judged(
                                    page.id(),
                                    () -> claims.byEndUser(code, request.attempt(), wish)))));
    if (claimed.refusal().isPresent()) {
      return Outcome.refused(claimed.refusal().get());
    }
    Stored<Device> device = claimed.result().orElseThrow();
    if (byDevice.exhausted(device.id())) {
      return Outcome.refused(
          FailureCode.RATE_LIMITED, "this device was claimed too often: wait an hour");
    }
    byDevice.failed(device.id());
    return Outcome.done(
        new Claimed(
            device,
            passes.issue(device.value().endpointName(), device.value().claim().orElseThrow())));
  }
}
