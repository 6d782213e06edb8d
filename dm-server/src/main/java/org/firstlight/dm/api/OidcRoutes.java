package org.firstlight.dm.api;

import io.javalin.http.Cookie;
import io.javalin.http.HttpStatus;
import io.javalin.http.SameSite;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.firstlight.dm.access.Attempts;
import org.firstlight.dm.access.Network;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.oidc.OidcSignIn;
import org.firstlight.dm.oidc.OpenIdProvider;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/** The way by an OpenID provider and back, and which ways in there are. */
final class OidcRoutes {
  static final String COOKIE = "firstlight-oidc";

  private static final String PATH = "/api/v1/session/oidc";
  private static final Duration ON_THE_WAY = Duration.ofMinutes(10);

  private final Optional<Provider> provider;
  private final OidcSignIn people;
  private final SessionRoutes sessions;
  private final Attempts tries;

  OidcRoutes(Optional<Provider> provider, OidcSignIn people, SessionRoutes sessions, Clock clock) {
    this.provider = provider;
    this.people = people;
    this.sessions = sessions;
    this.tries = new Attempts(30, Duration.ofMinutes(1), clock);
  }

  /**
   * @param name what people call it
   * @param console where the console is, for the way back
   */
  record Provider(OpenIdProvider oidc, String name, URI console, boolean https) {
    /** Where a provider sends people back to, exactly. */
    static URI redirect(URI console) {
      return URI.create(console.toString().replaceAll("/$", "") + PATH + "/callback");
    }
  }

  /**
   * @param oidc the name of the provider; absent if there is none
   */
  record Ways(boolean password, Optional<String> oidc) {}

  Answer ways(Call call) {
    return Answer.ok(new Ways(true, provider.map(Provider::name)));
  }

  /** Sends the browser to the provider. */
  Answer start(Call call) {
    Provider to = known();
    if (isTooOften(call)) {
      return back(call, to, FailureCode.RATE_LIMITED.name());
    }
    Outcome<OpenIdProvider.Departure> departure = to.oidc().depart();
    if (departure.result().isEmpty()) {
      return back(call, to, departure.refusal().orElseThrow().code().name());
    }
    OpenIdProvider.Departure out = departure.result().get();
    OpenIdProvider.Journey journey = out.journey();
    call.ctx()
        .cookie(
            cookie(
                to,
                String.join(".", journey.state(), journey.nonce(), journey.verifier()),
                (int) ON_THE_WAY.toSeconds()));
    call.ctx().redirect(out.to().toString(), HttpStatus.SEE_OTHER);
    return Answer.streamed();
  }

  /** Takes the browser in that comes back, if it is the one that went. */
  Answer callback(Call call) {
    Provider from = known();
    Optional<OpenIdProvider.Journey> journey =
        Optional.ofNullable(call.ctx().cookie(COOKIE))
            .map(text -> text.split("\\.", -1))
            .filter(parts -> parts.length == 3)
            .map(parts -> new OpenIdProvider.Journey(parts[0], parts[1], parts[2]))
            .filter(one -> isSame(one.state(), call.query("state").orElse("")));
    // it is used up, whatever comes of it
    call.ctx().cookie(cookie(from, "", 0));
    if (isTooOften(call)) {
      return back(call, from, FailureCode.RATE_LIMITED.name());
    }
    SignIn.Place place = SessionRoutes.place(call);
    Outcome<SignIn.Opened> opened =
        code(call, journey)
            .then(code -> from.oidc().arrive(code, journey.orElseThrow()))
            .then(person -> people.signIn(person, place));
    sessions.refused(opened, place, Optional.empty());
    if (opened.result().isEmpty()) {
      return back(call, from, opened.refusal().map(Failure::code).orElseThrow().name());
    }
    Answer begun = sessions.begun(opened.result().get(), place);
    begun.cookies().forEach(call.ctx()::cookie);
    call.ctx().redirect(console(from) + "#/fleet", HttpStatus.SEE_OTHER);
    return Answer.streamed();
  }

  private static Outcome<String> code(Call call, Optional<OpenIdProvider.Journey> journey) {
    Optional<String> code = call.query("code").filter(text -> text.length() <= 2048);
    return journey.isPresent() && code.isPresent()
        ? Outcome.done(code.get())
        : Outcome.refused(
            FailureCode.UNAUTHENTICATED, "the browser that comes back is not the one that went");
  }

  private Provider known() {
    return provider.orElseThrow(
        () -> Call.refusal(FailureCode.NOT_FOUND, "no sign-in provider is configured"));
  }

  private boolean isTooOften(Call call) {
    return !tries.begin(Network.of(call.ctx().ip()));
  }

  private static Answer back(Call call, Provider to, String code) {
    call.ctx().redirect(console(to) + "#/sign-in?refused=" + code, HttpStatus.SEE_OTHER);
    return Answer.streamed();
  }

  private static String console(Provider to) {
    return to.console().toString().replaceAll("/$", "") + "/";
  }

  /** Lax: it has to come along when the provider, another site, sends the browser back. */
  private static Cookie cookie(Provider to, String value, int seconds) {
    return new Cookie(COOKIE, value, PATH, seconds, to.https(), true, null, SameSite.LAX);
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
