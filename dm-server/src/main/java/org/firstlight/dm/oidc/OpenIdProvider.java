package org.firstlight.dm.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The provider: where to send somebody, and who came back (OpenID Connect Core 1.0 §3.1). */
public final class OpenIdProvider {
  private static final Logger LOG = LoggerFactory.getLogger(OpenIdProvider.class);
  private static final Duration KNOWN_FOR = Duration.ofHours(1);
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(5);
  private static final int MOST_AT_ONCE = 6;

  private final Issuer issuer;
  private final ClientID client;
  private final Secret secret;
  private final URI redirect;
  private final Clock clock;
  private final ProviderHttp http = new ProviderHttp();
  private final ReentrantLock asking = new ReentrantLock();

  /** Questions under way: the provider's slowness holds so many threads and no more. */
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  private volatile Optional<Known> known = Optional.empty();
  private volatile Instant notBefore = Instant.MIN;

  /**
   * @param redirect where the provider sends people back to, as it knows it
   */
  public OpenIdProvider(URI issuer, String clientId, String secret, URI redirect, Clock clock) {
    this.issuer = new Issuer(issuer);
    this.client = new ClientID(clientId);
    this.secret = new Secret(secret);
    this.redirect = redirect;
    this.clock = clock;
  }

  private record Known(OIDCProviderMetadata metadata, IDTokenValidator validator, Instant until) {}

  /**
   * One sign-in that is on its way: the browser's alone, until it comes back.
   *
   * @param state comes back in the address
   * @param nonce comes back in the ID token
   * @param verifier shows that who trades the code in has asked for it (RFC 7636)
   */
  public record Journey(String state, String nonce, String verifier) {
    static Journey begin() {
      return new Journey(
          new State(32).getValue(), new Nonce(32).getValue(), new CodeVerifier().getValue());
    }

    @Override
    public String toString() {
      return "Journey[]";
    }
  }

  /**
   * @param email in lower case; empty if the provider has not verified one
   */
  public record Person(String subject, Optional<String> email) {}

  /** Where the browser goes, with what it keeps. */
  public record Departure(URI to, Journey journey) {}

  public Outcome<Departure> depart() {
    return asked(
        () -> {
          Journey journey = Journey.begin();
          URI to =
              new AuthenticationRequest.Builder(
                      ResponseType.CODE, new Scope("openid", "email"), client, redirect)
                  .endpointURI(known().metadata().getAuthorizationEndpointURI())
                  .state(new State(journey.state()))
                  .nonce(new Nonce(journey.nonce()))
                  .codeChallenge(new CodeVerifier(journey.verifier()), CodeChallengeMethod.S256)
                  .build()
                  .toURI();
          return Outcome.done(new Departure(to, journey));
        });
  }

  /** Who has come back with this code. */
  public Outcome<Person> arrive(String code, Journey journey) {
    return asked(
        () -> {
          Known provider = known();
          TokenRequest request =
              new TokenRequest.Builder(
                      provider.metadata().getTokenEndpointURI(),
                      new ClientSecretBasic(client, secret),
                      new AuthorizationCodeGrant(
                          new AuthorizationCode(code),
                          redirect,
                          new CodeVerifier(journey.verifier())))
                  .build();
          TokenResponse response =
              OIDCTokenResponseParser.parse(http.send(request.toHTTPRequest()));
          if (!(response instanceof OIDCTokenResponse tokens)) {
            return refused("the provider did not take the code");
          }
          IDTokenClaimsSet claims =
              provider
                  .validator()
                  .validate(tokens.getOIDCTokens().getIDToken(), new Nonce(journey.nonce()));
          if (!isForUs(claims)) {
            return refused("the ID token is for others too, and does not name us as its holder");
          }
          return Outcome.done(
              new Person(
                  issuer.getValue() + " " + claims.getSubject().getValue(),
                  email(provider, tokens, claims)));
        });
  }

  /** Among several audiences the one it was given to is said (OpenID Connect Core §3.1.3.7). */
  private boolean isForUs(IDTokenClaimsSet claims) {
    return claims.getAudience().size() == 1
        || claims.getAuthorizedParty() != null
            && client.getValue().equals(claims.getAuthorizedParty().getValue());
  }

  /** From the ID token, or else from where the provider tells of people. */
  private Optional<String> email(Known provider, OIDCTokenResponse tokens, IDTokenClaimsSet claims)
      throws IOException, ParseException {
    Optional<String> inToken =
        verified(claims.getStringClaim("email"), claims.getBooleanClaim("email_verified"));
    if (inToken.isPresent() || provider.metadata().getUserInfoEndpointURI() == null) {
      return inToken;
    }
    UserInfoResponse response =
        UserInfoResponse.parse(
            http.send(
                new UserInfoRequest(
                        provider.metadata().getUserInfoEndpointURI(),
                        tokens.getOIDCTokens().getBearerAccessToken())
                    .toHTTPRequest()));
    if (!response.indicatesSuccess()) {
      return Optional.empty();
    }
    UserInfo info = response.toSuccessResponse().getUserInfo();
    return info != null && claims.getSubject().equals(info.getSubject())
        ? verified(info.getEmailAddress(), info.getEmailVerified())
        : Optional.empty();
  }

  private static Optional<String> verified(@Nullable String email, @Nullable Boolean verified) {
    return Boolean.TRUE.equals(verified)
        ? Optional.ofNullable(email).map(text -> text.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /**
   * What the provider says of itself, not older than an hour if it answers. One asks at a time, and
   * nobody waits for that one: a provider that hangs holds one thread.
   */
  private Known known() throws IOException, ParseException {
    Optional<Known> last = known;
    if (last.filter(one -> clock.instant().isBefore(one.until())).isPresent()) {
      return last.get();
    }
    if (clock.instant().isBefore(notBefore) || !asking.tryLock()) {
      return last.orElseThrow(() -> new IOException("the provider has just not answered"));
    }
    try {
      Known now = asked();
      known = Optional.of(now);
      return now;
    } catch (IOException away) {
      notBefore = clock.instant().plus(AGAIN_AFTER);
      throw away;
    } finally {
      asking.unlock();
    }
  }

  private Known asked() throws IOException, ParseException {
    String base = issuer.getValue().replaceAll("/$", "");
    OIDCProviderMetadata metadata =
        OIDCProviderMetadata.parse(
            http.get(URI.create(base + "/.well-known/openid-configuration")));
    if (!issuer.equals(metadata.getIssuer())) {
      throw new ParseException("the provider calls itself by another name");
    }
    if (metadata.getAuthorizationEndpointURI() == null
        || !ProviderHttp.isSafe(metadata.getAuthorizationEndpointURI())) {
      throw new ParseException("the provider names no safe place to sign in");
    }
    // what anybody could make is not believed: neither none nor a key that both sides hold
    Set<JWSAlgorithm> algorithms =
        metadata.getIDTokenJWSAlgs().stream()
            .filter(JWSAlgorithm.Family.SIGNATURE::contains)
            .collect(Collectors.toUnmodifiableSet());
    if (algorithms.isEmpty()) {
      throw new ParseException("the provider signs with no key of its own");
    }
    JWKSource<SecurityContext> keys =
        JWKSourceBuilder.create(metadata.getJWKSetURI().toURL(), http).build();
    return new Known(
        metadata,
        new IDTokenValidator(
            issuer, client, new JWSVerificationKeySelector<>(algorithms, keys), null),
        clock.instant().plus(KNOWN_FOR));
  }

  /** Something that may fail in the ways that asking a provider does. */
  private interface Asking<T> {
    Outcome<T> ask() throws IOException, ParseException, BadJOSEException, JOSEException;
  }

  private <T> Outcome<T> asked(Asking<T> question) {
    if (!free.tryAcquire()) {
      return Outcome.refused(
          FailureCode.DEPENDENCY_UNAVAILABLE, "the sign-in provider is slow: try again");
    }
    try {
      return question.ask();
    } catch (IOException e) {
      LOG.warn("the OpenID provider cannot be asked: {}", e.toString());
      return Outcome.refused(
          FailureCode.DEPENDENCY_UNAVAILABLE, "the sign-in provider does not answer");
    } catch (ParseException | BadJOSEException | JOSEException e) {
      LOG.warn("what the OpenID provider says is not taken: {}", e.getMessage());
      return refused("what the provider said is not taken");
    } catch (IllegalArgumentException e) {
      return refused("this is not how one comes back from the provider");
    } finally {
      free.release();
    }
  }

  private static <T> Outcome<T> refused(String why) {
    return Outcome.refused(FailureCode.UNAUTHENTICATED, why);
  }
}
