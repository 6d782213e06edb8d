package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.RevocationListBytes;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.RevocationStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What manufacturers' CAs revoke, fetched from an HTTP server of the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationListsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration REFUSED = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final int MEGABYTE = 1 << 20;

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final ExecutorService serving = Executors.newCachedThreadPool();
  private HttpServer http;
  private TestBed bed;

  /** What the test's server does when it is asked. */
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;

    static Answer of(byte[] body) {
      return of(200, body);
    }

    static Answer of(int status, byte[] body) {
      return exchange -> {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      };
    }
  }

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(serving);
    http.createContext(
        "/",
        exchange -> {
          try (exchange) {
            answers.get(exchange.getRequestURI().getPath()).to(exchange);
          }
        });
    http.start();
    bed = new TestBed(data);
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
  }

  @AfterAll
  void stop() {
    bed.close();
    http.stop(0);
    serving.shutdownNow();
  }

  @Test
  void device_that_its_ca_revokes_is_cut_off_and_the_bystander_is_not() throws Exception {
    FactoryCa ca = FactoryCa.root("Live CA");
    Factory lost = ca.issue("CN=dev-1");
    Factory kept = ca.issue("CN=dev-2");
    answers.put("/live", Answer.of(list(ca)));
    bed.change(maker("live", ca, "/live"));
    EndpointName name = bed.expected("live", "dev-1");
    EndpointName other = bed.expected("live", "dev-2");
    try (TestDevice device = bed.device(lost);
        TestDevice bystander = bed.device(kept)) {
      await().atMost(PATIENCE).until(() -> tried(device, name).isPresent());
      assertThat(tried(bystander, other)).isPresent();
      assertThat(status("live", "/live").orElseThrow().held().orElseThrow().revoked()).isZero();

      answers.put("/live", Answer.of(list(ca, lost.certificate())));
      askAgain("live", "/live");

      // an answer, if only a 4.00, would mean that the connection is still there
      await().atMost(PATIENCE).until(() -> tried(device, name).isEmpty());
      assertThat(status("live", "/live").orElseThrow().held().orElseThrow().revoked()).isOne();
      assertRefused(lost, "its certificate was revoked by its issuer at");
      long before = bed.handshakes();
      assertThat(tried(bystander, other)).isPresent();
      assertThat(bed.handshakes()).isEqualTo(before);
    }
  }

  @Test
  void list_holds_over_a_restart_while_its_server_is_away_and_goes_with_its_source()
      throws Exception {
    FactoryCa ca = FactoryCa.root("Away CA");
    Factory revoked = ca.issue("CN=dev-1");
    Factory good = ca.issue("CN=dev-2");
    answers.put("/away", Answer.of(list(ca, revoked.certificate())));
    bed.change(maker("away", ca, "/away"));
    EndpointName name = bed.expected("away", "dev-2");
    await().atMost(PATIENCE).until(() -> status("away", "/away").isPresent());

    answers.put("/away", Answer.of(503, new byte[0]));
    bed.restartServer();
    askAgain("away", "/away");

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                status("away", "/away")
                    .flatMap(RevocationStatus::fault)
                    .filter("it was answered with status 503"::equals)
                    .isPresent());
    try (TestDevice device = bed.device(good)) {
      assertThat(tried(device, name)).isPresent();
    }
    assertRefused(revoked, "was revoked");

    // as if the last success were long ago
    String id = RevocationStatus.id("away", url("/away"));
    Stored<RevocationStatus> now = bed.find(Kinds.REVOCATION_STATUS, id, id).orElseThrow();
    bed.put(
        Kinds.REVOCATION_STATUS, id, id, fetched(now.value(), Instant.now().minusSeconds(7200)));
    bed.restartServer();
    assertRefused(good, "the revocation list of 'CN=Away CA' is stale");

    bed.change(maker("away", ca));
    await().atMost(PATIENCE).until(() -> status("away", "/away").isEmpty());
    Optional<Stored<RevocationListBytes>> bytes = bed.find(Kinds.REVOCATION_LIST, id, id);
    assertThat(bytes).isEmpty();
  }

  /** An answer, and what operators read of it. */
  private record Odd(String path, Answer answer, String fault) {
    String maker() {
      return path.substring(1);
    }
  }

  private static final FactoryCa ODD = FactoryCa.root("Odd CA");

  private static List<Odd> odd() {
    FactoryCa ca = ODD;
    FactoryCa liar = FactoryCa.root("Odd CA");
    Instant now = Instant.now();
    byte[] ended =
        ca.revocationList(now.minus(Duration.ofDays(2)), now.minusSeconds(60), List.of());
    byte[] early =
        ca.revocationList(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)), List.of());
    byte[] forever = ca.revocationList(now.minus(Duration.ofDays(2)), Optional.empty(), List.of());
    byte[] huge = new byte[MEGABYTE];
    return List.of(
        new Odd("/gone", Answer.of(404, new byte[0]), "it was answered with status 404"),
        new Odd("/empty", Answer.of(200, new byte[0]), "it is empty"),
        new Odd("/page", Answer.of("<html>".getBytes()), "is not a certificate revocation list"),
        new Odd(
            "/torn",
            Answer.of(Arrays.copyOf(list(liar), 40)),
            "it is not a certificate revocation list"),
        new Odd("/liar", Answer.of(list(liar)), "it is not signed by a CA of this manufacturer"),
        new Odd(
            "/foreign",
            Answer.of(list(FactoryCa.root("Foreign CA"))),
            "it is not signed by a CA of this manufacturer"),
        new Odd("/forever", Answer.of(forever), "it does not say when the next one is due"),
        new Odd("/ended", Answer.of(ended), "it ended at"),
        new Odd("/early", Answer.of(early), "it is from the future"),
        new Odd(
            "/endless",
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(huge);
              }
            },
            "it is larger than 4194304 bytes"),
        new Odd(
            "/broken",
            exchange -> {
              exchange.sendResponseHeaders(200, 1_000);
              exchange.getResponseBody().write(new byte[10]);
            },
            "cannot be reached or broke off"),
        new Odd(
            "/elsewhere",
            exchange -> {
              exchange.getResponseHeaders().add("Location", "http://127.0.0.2:9/");
              exchange.sendResponseHeaders(302, -1);
            },
            "it was answered with status 302"));
  }

  @Test
  void odd_answer_gives_no_list_and_its_reason_is_told() throws Exception {
    List<Odd> all = odd();
    for (Odd odd : all) {
      answers.put(odd.path(), odd.answer());
      bed.change(maker(odd.maker(), ODD, odd.path()));
    }
    for (Odd odd : all) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(status(odd.maker(), odd.path()).flatMap(RevocationStatus::fault))
                      .as(odd.path())
                      .hasValueSatisfying(fault -> assertThat(fault).contains(odd.fault())));
      assertThat(status(odd.maker(), odd.path()).orElseThrow().held()).isEmpty();
      assertThat(bed.events("revocation-list.changed"))
          .extracting(FleetEvent::details)
          .anySatisfy(
              details ->
                  assertThat(details)
                      .containsEntry("id", odd.maker())
                      .containsEntry("change", "failed"));
      // the same CA is to be one manufacturer's at a time
      bed.change(maker(odd.maker(), FactoryCa.root("CA of " + odd.maker()), odd.path()));
    }
    bed.change(maker("liar", ODD, "/liar"));
    assertRefused(ODD.issue("CN=dev-1"), "there is no revocation list of 'CN=Odd CA' yet");
  }

  @Test
  void list_that_state_has_lost_is_fetched_again() throws Exception {
    FactoryCa ca = FactoryCa.root("Lost CA");
    Factory good = ca.issue("CN=dev-1");
    answers.put("/lost", Answer.of(list(ca)));
    bed.change(maker("lost", ca, "/lost"));
    EndpointName name = bed.expected("lost", "dev-1");
    await().atMost(PATIENCE).until(() -> status("lost", "/lost").isPresent());
    String id = RevocationStatus.id("lost", url("/lost"));

    bed.delete(Kinds.REVOCATION_LIST, id);
    bed.restartServer();
    assertRefused(good, "there is no revocation list of 'CN=Lost CA' yet");
    askAgain("lost", "/lost");

    await().atMost(PATIENCE).until(() -> bed.find(Kinds.REVOCATION_LIST, id, id).isPresent());
    try (TestDevice device = bed.device(good)) {
      await().atMost(PATIENCE).until(() -> tried(device, name).isPresent());
    }
  }

  @Test
  void older_list_does_not_take_the_place_of_a_newer_one() throws Exception {
    FactoryCa ca = FactoryCa.root("Replayed CA");
    Factory revoked = ca.issue("CN=dev-1");
    Instant now = Instant.now();
    byte[] older =
        ca.revocationList(now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), List.of());
    answers.put("/replay", Answer.of(list(ca, revoked.certificate())));
    bed.change(maker("replay", ca, "/replay"));
    await().atMost(PATIENCE).until(() -> status("replay", "/replay").isPresent());

    answers.put("/replay", Answer.of(older));
    askAgain("replay", "/replay");

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                status("replay", "/replay")
                    .flatMap(RevocationStatus::fault)
                    .filter("it is older than the one that is here"::equals)
                    .isPresent());
    assertRefused(revoked, "was revoked");
  }

  private void assertRefused(Factory factory, String reason) throws Exception {
    try (TestDevice device = bed.device(factory)) {
      assertThat(device.bootstrap(bed.server().coapsAddress(), "ep=urn:x:y", SILENCE)).isEmpty();
    }
    String subject = factory.certificate().getSubjectX500Principal().getName();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(bed.events("handshake.failed"))
                    .extracting(FleetEvent::details)
                    .anySatisfy(
                        details -> {
                          assertThat(details).containsEntry("subject", subject);
                          assertThat(details.get("reason")).contains(reason);
                        }));
  }

  /** Makes the source due, as time does. */
  private void askAgain(String maker, String path) throws Exception {
    String id = RevocationStatus.id(maker, url(path));
    RevocationStatus now = bed.find(Kinds.REVOCATION_STATUS, id, id).orElseThrow().value();
    bed.change(
        Kinds.REVOCATION_STATUS,
        id,
        new RevocationStatus(
            now.manufacturer(),
            now.url(),
            Instant.now().minus(Duration.ofDays(1)),
            now.fault(),
            now.held()));
  }

  private static RevocationStatus fetched(RevocationStatus status, Instant at) {
    RevocationStatus.Held held = status.held().orElseThrow();
    return new RevocationStatus(
        status.manufacturer(),
        status.url(),
        Instant.now(),
        status.fault(),
        Optional.of(
            new RevocationStatus.Held(
                held.issuer(),
                held.sha256(),
                at,
                held.thisUpdate(),
                held.nextUpdate(),
                held.revoked())));
  }

  private Optional<RevocationStatus> status(String maker, String path) throws Exception {
    String id = RevocationStatus.id(maker, url(path));
    return bed.find(Kinds.REVOCATION_STATUS, id, id).map(Stored::value);
  }

  private Optional<Response> tried(TestDevice device, EndpointName name) throws Exception {
    return device.bootstrap(bed.server().coapsAddress(), "ep=" + name, REFUSED);
  }

  private String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(http.getAddress().getPort(), path);
  }

  private static byte[] list(FactoryCa ca, X509Certificate... revoked) {
    Instant now = Instant.now();
    return ca.revocationList(now.minusSeconds(60), now.plus(Duration.ofDays(1)), List.of(revoked));
  }

  private Manufacturer maker(String id, FactoryCa ca, String... paths) {
    return new Manufacturer(
        id,
        id,
        Manufacturer.State.ACTIVE,
        List.of(ca.pem()),
        IdentityRule.COMMON_NAME,
        "urn:%s:".formatted(id),
        Map.of(),
        0,
        List.of(),
        List.of(),
        Stream.of(paths).map(path -> new RevocationSource(url(path), 1)).toList(),
        List.of(),
        List.of());
  }
}
