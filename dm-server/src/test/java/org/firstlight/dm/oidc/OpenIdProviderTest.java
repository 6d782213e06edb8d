package org.firstlight.dm.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.firstlight.dm.TestClock;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenIdProviderTest {
  private static final OpenIdProvider.Journey JOURNEY =
      new OpenIdProvider.Journey("state", ForgingProvider.NONCE, "v".repeat(43));

  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  private final TestClock clock = new TestClock();
  private ForgingProvider provider;
  private OpenIdProvider known;

  @BeforeEach
  void start() throws Exception {
    provider = new ForgingProvider();
    known = provider.asKnownToUs(clock);
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  private Outcome<OpenIdProvider.Person> arrive() {
    return known.arrive("a-code", JOURNEY);
  }

  private FailureCode refusal() {
    return arrive().refusal().orElseThrow().code();
  }

  @Test
  void token_that_is_right_says_who_it_is() throws Exception {
    provider.gives(provider.signed(provider.claims().build()));

    OpenIdProvider.Person anna = arrive().result().orElseThrow();

    assertThat(anna.subject()).isEqualTo(provider.issuer() + " anna-1");
    assertThat(anna.email()).contains("anna@example.com");
  }

  @Test
  void token_for_others_too_that_was_given_to_us_is_taken() throws Exception {
    provider.gives(
        provider.signed(
            provider
                .claims()
                .audience(List.of("other", ForgingProvider.CLIENT))
                .claim("azp", ForgingProvider.CLIENT)
                .build()));
    assertThat(arrive().result()).isPresent();
  }

  /** Makes an ID token that nobody should believe. */
  private interface Forgery {
    String by(ForgingProvider provider) throws Exception;
  }

  private record Forged(String what, Forgery forgery) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Forged claims(String what, UnaryOperator<JWTClaimsSet.Builder> change) {
    return new Forged(what, one -> one.signed(change.apply(one.claims()).build()));
  }

  static List<Forged> forgeries() {
    Date past = Date.from(Instant.now().minus(Duration.ofHours(1)));
    return List.of(
        claims("for another client", c -> c.audience("somebody-else")),
        claims("for another client too", c -> c.audience(List.of("firstlight", "other"))),
        claims(
            "given to another of its audience",
            c -> c.audience(List.of("firstlight", "other")).claim("azp", "other")),
        claims("for nobody", c -> c.audience((String) null)),
        claims("of another issuer", c -> c.issuer("https://login.example.com")),
        claims("of no issuer", c -> c.issuer(null)),
        claims("about nobody", c -> c.subject(null)),
        claims("too old", c -> c.expirationTime(past)),
        claims("without an end", c -> c.expirationTime(null)),
        claims("without a time", c -> c.issueTime(null)),
        claims("from the future", c -> c.issueTime(Date.from(Instant.now().plusSeconds(3600)))),
        claims("of another journey", c -> c.claim("nonce", "another")),
        claims("of no journey", c -> c.claim("nonce", null)),
        new Forged("signed by nobody", one -> new PlainJWT(one.claims().build()).serialize()),
        new Forged(
            "signed by another under the provider's key id",
            one -> {
              ECKey other = ForgingProvider.newKey(one.key().getKeyID());
              return ForgingProvider.signed(
                  one.claims().build(),
                  JWSAlgorithm.ES256,
                  other.getKeyID(),
                  new ECDSASigner(other));
            }),
        new Forged(
            "signed by another under a key id of its own",
            one -> {
              ECKey other = ForgingProvider.newKey("mine");
              return ForgingProvider.signed(
                  one.claims().build(), JWSAlgorithm.ES256, "mine", new ECDSASigner(other));
            }),
        new Forged(
            "authenticated by the client's secret",
            one ->
                ForgingProvider.signed(
                    one.claims().build(),
                    JWSAlgorithm.HS256,
                    one.key().getKeyID(),
                    new MACSigner("a-secret-that-is-long-enough-for-HS256"))),
        new Forged(
            "authenticated by the public key as if it were a secret",
            one ->
                ForgingProvider.signed(
                    one.claims().build(),
                    JWSAlgorithm.HS256,
                    one.key().getKeyID(),
                    new MACSigner(
                        one.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)))),
        new Forged(
            "changed after it was signed",
            one -> {
              String[] parts = one.signed(one.claims().build()).split("\\.");
              String other = one.signed(one.claims().subject("bert-1").build()).split("\\.")[1];
              return parts[0] + "." + other + "." + parts[2];
            }),
        new Forged("no token at all", one -> "x"));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void token_that_is_not_right_lets_nobody_in(Forged forged) throws Exception {
    provider.gives(forged.forgery().by(provider));

    assertThat(refusal()).isEqualTo(FailureCode.UNAUTHENTICATED);
  }

  @Test
  void provider_that_rolls_its_key_is_followed() throws Exception {
    provider.gives(provider.signed(provider.claims().build()));
    assertThat(arrive().result()).isPresent();
    String old = provider.signed(provider.claims().build());

    provider.rolls(ForgingProvider.newKey("two"));
    provider.gives(provider.signed(provider.claims().build()));
    assertThat(arrive().result()).as("by the new key").isPresent();

    provider.gives(old);
    assertThat(refusal()).as("by the key that is no more").isEqualTo(FailureCode.UNAUTHENTICATED);
  }

  @Test
  void provider_that_is_away_is_said_to_be_and_taken_when_it_is_back() throws Exception {
    provider.gives(provider.signed(provider.claims().build()));
    provider.goesAway();
    assertThat(refusal()).isEqualTo(FailureCode.DEPENDENCY_UNAVAILABLE);
    assertThat(known.depart().refusal().orElseThrow().code())
        .isEqualTo(FailureCode.DEPENDENCY_UNAVAILABLE);

    provider.comesBack();
    assertThat(refusal())
        .as("not asked again at once")
        .isEqualTo(FailureCode.DEPENDENCY_UNAVAILABLE);
    clock.forward(Duration.ofSeconds(6));
    assertThat(arrive().result()).isPresent();
  }

  @Test
  void provider_that_hangs_holds_few_threads_and_nobody_for_long() throws Exception {
    provider.hangs();
    long begun = System.nanoTime();
    List<CompletableFuture<FailureCode>> all =
        IntStream.range(0, 40)
            .mapToObj(i -> CompletableFuture.supplyAsync(this::refusal, THREADS))
            .toList();
    assertThat(all.stream().map(CompletableFuture::join))
        .containsOnly(FailureCode.DEPENDENCY_UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
  }

  @Test
  void address_of_somebody_else_at_the_userinfo_is_nobodys() throws Exception {
    provider.gives(provider.signed(provider.claims().claim("email", null).build()));
    provider.say(
        "/me", "{\"sub\":\"bert-1\",\"email\":\"bert@example.com\",\"email_verified\":true}");
    assertThat(arrive().result().orElseThrow().email()).isEqualTo(Optional.empty());

    provider.say(
        "/me", "{\"sub\":\"anna-1\",\"email\":\"anna@example.com\",\"email_verified\":true}");
    assertThat(arrive().result().orElseThrow().email()).contains("anna@example.com");
  }

  @Test
  void what_a_provider_says_of_itself_is_believed_only_as_far_as_it_is_safe() {
    provider.metadata("https://login.example.com");
    assertThat(refusal()).as("another's name").isEqualTo(FailureCode.UNAUTHENTICATED);

    provider.metadata(provider.issuer());
    String path = "/.well-known/openid-configuration";
    String good =
        """
        {"issuer":"%s","authorization_endpoint":"%s/a","token_endpoint":"%s","jwks_uri":"%s/jwks",
         "response_types_supported":["code"],"subject_types_supported":["public"],
         "id_token_signing_alg_values_supported":["%s"]}
        """;
    String issuer = provider.issuer();
    provider.say(
        path, good.formatted(issuer, issuer, "http://login.example.com/t", issuer, "ES256"));
    assertThat(refusal())
        .as("codes would go in clear")
        .isEqualTo(FailureCode.DEPENDENCY_UNAVAILABLE);

    clock.forward(Duration.ofHours(2));
    provider.say(path, good.formatted(issuer, issuer, issuer + "/token", issuer, "none"));
    assertThat(refusal()).as("signs nothing").isEqualTo(FailureCode.UNAUTHENTICATED);

    clock.forward(Duration.ofMinutes(1));
    provider.say(path, " ".repeat(300 * 1024));
    assertThat(refusal()).as("too large").isEqualTo(FailureCode.DEPENDENCY_UNAVAILABLE);

    clock.forward(Duration.ofMinutes(1));
    provider.say(path, "<html>");
    assertThat(refusal()).as("no JSON").isEqualTo(FailureCode.UNAUTHENTICATED);
  }
}
