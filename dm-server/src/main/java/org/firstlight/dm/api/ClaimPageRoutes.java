package org.firstlight.dm.api;

import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.firstlight.dm.access.DevicePasses;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.audit.Audit;
import org.firstlight.dm.claim.EndUserClaims;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimAnswers;
import org.firstlight.fleet.device.ClaimPage;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.Waiting;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/** Where an end user claims the device from the box, and sees it arrive. */
final class ClaimPageRoutes {
  static final String COOKIE = "firstlight-device";

  private static final int LARGEST = 2048;

  private final BlockingState state;
  private final EndUserClaims claims;
  private final Audit audit;
  private final boolean https;

  /**
   * @param https whether browsers reach us by https alone
   */
  ClaimPageRoutes(BlockingState state, EndUserClaims claims, Audit audit, boolean https) {
    this.state = state;
    this.claims = claims;
    this.audit = audit;
    this.https = https;
  }

  record Choice(String id, String name) {}

  record Coverage(String id, String name, List<Choice> plans) {}

  record Country(String country, List<Coverage> coverages) {}

  record Offers(String title, List<Country> offers) {
    static Offers of(ClaimPage page) {
      return new Offers(
          page.title(),
          page.offers().stream()
              .map(
                  offer ->
                      new Country(
                          offer.country(),
                          offer.coverages().stream()
                              .map(
                                  coverage ->
                                      new Coverage(
                                          coverage.id(),
                                          coverage.name(),
                                          coverage.plans().stream()
                                              .map(plan -> new Choice(plan.id(), plan.name()))
                                              .toList()))
                              .toList()))
              .toList());
    }
  }

  /**
   * @param attempt random; without one, an answer that was lost cannot be had again
   */
  record Wish(
      String code, String country, String coverage, String servicePlan, Optional<String> attempt) {
    @Override
    public String toString() {
      return "Wish[]";
    }
  }

  /** How far a device is, in what its end user knows of it. */
  enum Progress {
    /** It has not come yet. */
    NOT_SEEN,
    /** It was here, and is told to come again. */
    WAITING,
    /** It has what it needs, and is on its way to its server. */
    SET_UP,
    CONNECTED,
    /** It was connected, and has not been heard of for longer than it said. */
    LOST,
    OUT_OF_SERVICE
  }

  /**
   * What an end user sees of the device, and no more.
   *
   * @param csrf what a write must show
   */
  record MyDevice(
      String model,
      String serialNumber,
      Progress progress,
      Instant since,
      Instant claimedAt,
      Optional<ClaimAnswers> answers,
      Optional<String> csrf) {}

  Answer offers(Call call) {
    return Answer.ok(Offers.of(page(call)));
  }

  private ClaimPage page(Call call) {
    return state
        .find(Kinds.CLAIM_PAGE, call.id())
        .map(Stored::value)
        .orElseThrow(
            () -> Call.refusal(FailureCode.NOT_FOUND, "there is no such page to claim a device"));
  }

  Answer claim(Call call) {
    ClaimPage page = page(call);
    Wish wish = call.body(Wish.class, LARGEST);
    String attempt = wish.attempt().orElseGet(() -> UUID.randomUUID().toString());
    if (!attempt.matches("[A-Za-z0-9_-]{16,64}")) {
      throw Call.refusal(FailureCode.MALFORMED, "attempt: has 16 to 64 letters, digits, _ and -");
    }
    ClaimAnswers answers = new ClaimAnswers(wish.country(), wish.coverage(), wish.servicePlan());
    EndUserClaims.Claimed claimed =
        Call.demand(
            claims.claim(
                page, new EndUserClaims.Request(wish.code(), attempt, answers), call.ctx().ip()));
    SignIn.Caller caller = claimed.pass().caller();
    BlockingState.await(
        audit.record(
            caller.principal(), call.ctx().ip(), "device.claim", claimed.device().id(), "ok"));
    return Answer.created(view(claimed.device().value(), caller.csrf()))
        .withCookie(cookie(claimed.pass().text(), (int) DevicePasses.LIFETIME.toSeconds()));
  }

  Answer myDevice(Call call) {
    Device device =
        state
            .find(Kinds.DEVICE, call.caller().name())
            .map(Stored::value)
            .orElseThrow(() -> Call.refusal(FailureCode.NOT_FOUND, "there is no such device"));
    return Answer.ok(view(device, call.caller().csrf()));
  }

  /** The browser forgets the pass: on a device that is somebody else's. */
  Answer leave(Call call) {
    return Answer.nothing().withCookie(cookie("", 0));
  }

  private static MyDevice view(Device device, Optional<String> csrf) {
    return new MyDevice(
        device.model(),
        device.serialNumber(),
        progress(device),
        device.stateSince(),
        device.claim().map(Claim::at).orElse(device.stateSince()),
        device.claim().flatMap(Claim::answers),
        csrf);
  }

  private static Progress progress(Device device) {
    if (device.withdrawn()) {
      return Progress.OUT_OF_SERVICE;
    }
    Optional<Waiting> waiting = device.waiting();
    return switch (device.state()) {
      case REGISTERED, CONFIGURED -> Progress.CONNECTED;
      case BOOTSTRAPPED -> Progress.SET_UP;
      case LOST -> Progress.LOST;
      case RETIRED -> Progress.OUT_OF_SERVICE;
      case EXPECTED, CLAIMED -> waiting.isPresent() ? Progress.WAITING : Progress.NOT_SEEN;
    };
  }

  private Cookie cookie(String value, int seconds) {
    return new Cookie(
        COOKIE, value, "/api/v1/my-device", seconds, https, true, null, SameSite.STRICT);
  }
}
