package org.firstlight.bootstrap.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.bootstrap.OcspResponse;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.OcspResponder;
import org.firstlight.fleet.trust.OcspStatus;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What manufacturers' OCSP responders say at a handshake; they are an HTTP server of the test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OcspIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration REFUSED = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final Map<String, Responder> responders = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final ExecutorService serving = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer http;
  private TestBed bed;

  /** What the test's server does when it is asked. */
  private interface Responder {
    void answer(HttpExchange exchange, byte[] request) throws Exception;

    static Responder of(Answer answer) {
      return (exchange, request) -> send(exchange, 200, answer.to(request));
    }
  }

  private interface Answer {
    byte[] to(byte[] request) throws Exception;
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @BeforeAll
  void start(@TempDir Path data) throws Exception {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(serving);
    http.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          asked.computeIfAbsent(path, p -> new AtomicInteger()).incrementAndGet();
          try (exchange) {
            responders.get(path).answer(exchange, exchange.getRequestBody().readAllBytes());
          } catch (Exception broken) {
            throw new IOException(broken);
          }
        });
    http.start();
    bed = new TestBed(data);
    bed.plan(TestPlans.plan(CredentialKind.ISSUED_KEY, SubscriptionDelivery.NONE, 1024));
  }

  @AfterAll
  void stop() {
    end.countDown();
    bed.close();
    http.stop(0);
    serving.shutdownNow();
  }

  @Test
  void device_that_its_responder_revokes_is_cut_off_and_the_bystander_is_not() throws Exception {
    FactoryCa ca = FactoryCa.root("Live OCSP CA");
    Factory lost = ca.issue("CN=dev-1");
    Factory kept = ca.issue("CN=dev-2");
    responders.put("/live", Responder.of(request -> OcspResponse.to(request).by(ca)));
    // as if each answer were stale at once
    follows(maker("live", ca, "/live", 0, false));
    EndpointName name = bed.expected("live", "dev-1");
    EndpointName other = bed.expected("live", "dev-2");
    try (TestDevice device = bed.device(lost);
        TestDevice bystander = bed.device(kept)) {
      assertThat(tried(device, name)).isPresent();
      assertThat(tried(bystander, other)).isPresent();

      responders.put(
          "/live",
          Responder.of(
              request ->
                  OcspResponse.to(request).revokes(lost.certificate(), Instant.now()).by(ca)));
      // it gets the reason, unless its connection ends before the answer is out
      tried(device, name)
          .ifPresent(refused -> assertThat(refused.getPayloadString()).contains("was revoked on"));

      // an answer, if only a 4.03, would mean that the connection is still there
      await().atMost(PATIENCE).until(() -> tried(device, name).isEmpty());
      assertRefused(
          lost,
          "its CA's OCSP responder says that this certificate was revoked on ",
          "(key compromise)");
      assertThat(bed.events("certificate.revoked"))
          .extracting(FleetEvent::endpointName)
          .containsExactly(Optional.of(name));
      long before = bed.handshakes();
      assertThat(tried(bystander, other)).isPresent();
      assertThat(bed.handshakes()).isEqualTo(before);
      // it stays revoked while the responder says nothing
      responders.put("/live", (exchange, request) -> send(exchange, 503, new byte[0]));
      assertThat(tried(device, name)).isEmpty();
    }
  }

  @Test
  void answer_counts_until_it_is_stale_for_handshakes_and_requests_alike() throws Exception {
    FactoryCa ca = FactoryCa.root("Cached CA");
    Factory responder = responder(ca, usage(KeyPurposeId.id_kp_OCSPSigning));
    responders.put(
        "/cached",
        Responder.of(
            request -> OcspResponse.to(request).withNonce(Optional.empty()).by(responder)));
    follows(maker("cached", ca, "/cached", 60, false));
    Factory good = ca.issue("CN=dev-1");
    EndpointName name = bed.expected("cached", "dev-1");
    for (int i = 0; i < 2; i++) {
      try (TestDevice device = bed.device(good)) {
        assertThat(tried(device, name)).isPresent();
        assertThat(tried(device, name)).isPresent();
      }
    }
    assertThat(asked.get("/cached")).hasValue(1);
  }

  @Test
  void session_goes_on_while_the_answer_counts_and_is_judged_anew_when_it_is_stale()
      throws Exception {
    FactoryCa ca = FactoryCa.root("Sleepers' CA");
    Factory sleeper = ca.issue("CN=sleeper-1");
    Responder good =
        Responder.of(
            request -> OcspResponse.to(request).from(bed.clock.instant(), Optional.empty()).by(ca));
    responders.put("/sleepers", good);
    follows(maker("sleepers", ca, "/sleepers", 60, false));
    EndpointName name = bed.expected("sleepers", "sleeper-1");
    InetSocketAddress server = bed.server().coapsAddress();
    try (TestDevice device = bed.device(sleeper)) {
      assertThat(tried(device, name)).isPresent();
      String session = device.sessionId(server);
      device.resumesItsSession(server);
      assertThat(tried(device, name)).isPresent();
      assertThat(device.sessionId(server)).isEqualTo(session);
      assertThat(asked.get("/sleepers")).hasValue(1);

      bed.clock.forward(Duration.ofMinutes(61));
      device.resumesItsSession(server);
      assertThat(tried(device, name)).isPresent();
      assertThat(device.sessionId(server)).isNotEqualTo(session);
      assertThat(asked.get("/sleepers")).hasValue(2);

      // nobody says anything: then the old word does not count either
      responders.put("/sleepers", (exchange, request) -> send(exchange, 503, new byte[0]));
      bed.clock.forward(Duration.ofMinutes(61));
      device.resumesItsSession(server);
      assertThat(tried(device, name)).isEmpty();
      awaitReason(sleeper, "did not tell whether it is revoked");

      responders.put("/sleepers", good);
      assertThat(tried(device, name)).isPresent();
      Instant lost = bed.clock.instant();
      responders.put(
          "/sleepers",
          Responder.of(
              request ->
                  OcspResponse.to(request)
                      .from(bed.clock.instant(), Optional.empty())
                      .revokes(sleeper.certificate(), lost)
                      .by(ca)));
      bed.clock.forward(Duration.ofMinutes(61));
      device.resumesItsSession(server);
      assertThat(tried(device, name)).isEmpty();
      awaitReason(sleeper, "says that this certificate was revoked on");
    } finally {
      bed.clock.forward(Duration.between(bed.clock.instant(), Instant.now()));
    }
  }

  @Test
  void openssl_answers_for_a_ca_as_well(@TempDir Path folder) throws Exception {
    Optional<Path> openssl =
        Stream.of("/usr/bin/openssl", "/usr/local/bin/openssl")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(openssl.isPresent(), "there is no openssl here");
    FactoryCa ca = FactoryCa.root("Openssl CA");
    Factory good = ca.issue("CN=dev-1");
    Factory revoked = ca.issue("CN=dev-2");
    Files.writeString(folder.resolve("ca.pem"), ca.pem());
    Files.writeString(
        folder.resolve("ca.key"),
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(ca.key().getEncoded())));
    Files.writeString(
        folder.resolve("index.txt"),
        "V\t380101000000Z\t\t%s\tunknown\t/CN=dev-1\n".formatted(serial(good))
            + "R\t380101000000Z\t260101000000Z,keyCompromise\t%s\tunknown\t/CN=dev-2\n"
                .formatted(serial(revoked)));
    responders.put("/openssl", Responder.of(request -> openssl(openssl.get(), folder, request)));
    Manufacturer patient = maker("openssl", ca, "/openssl", 60, false, 10);
    follows(patient);
    EndpointName name = bed.expected("openssl", "dev-1");
    try (TestDevice device = bed.device(good)) {
      assertThat(device.bootstrap(bed.server().coapsAddress(), "ep=" + name, PATIENCE)).isPresent();
    }
    assertRefused(revoked, "was revoked on 2026-01-01T00:00:00Z (key compromise)");
    assertRefused(ca.issue("CN=dev-3"), "does not know its certificate");
  }

  private static String serial(Factory factory) {
    String hex = factory.certificate().getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    return hex.length() % 2 == 0 ? hex : "0" + hex;
  }

  /** One run of the tool for each question; it gives one answer at a time. */
  private static synchronized byte[] openssl(Path openssl, Path folder, byte[] request)
      throws Exception {
    Files.write(folder.resolve("request"), request);
    Process process =
        new ProcessBuilder(
                List.of(
                    openssl.toString(),
                    "ocsp",
                    "-index",
                    "index.txt",
                    "-CA",
                    "ca.pem",
                    "-rsigner",
                    "ca.pem",
                    "-rkey",
                    "ca.key",
                    "-nmin",
                    "5",
                    "-reqin",
                    "request",
                    "-respout",
                    "response"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return Files.readAllBytes(folder.resolve("response"));
  }

  @Test
  void responder_that_is_slow_holds_up_no_other_device_and_its_own_are_refused_in_words()
      throws Exception {
    FactoryCa slow = FactoryCa.root("Slow CA");
    CountDownLatch reached = new CountDownLatch(1);
    responders.put(
        "/slow",
        (exchange, request) -> {
          reached.countDown();
          end.await(20, TimeUnit.SECONDS);
        });
    follows(maker("slow", slow, "/slow", 60, false));
    EndpointName name = bed.expected("other", "bystander");
    Factory waiting = slow.issue("CN=dev-1");
    try (TestDevice device = bed.device(waiting);
        TestDevice bystander = bed.device(TestBed.OTHER.issue("CN=bystander"))) {
      var pending =
          serving.submit(
              () -> device.bootstrap(bed.server().coapsAddress(), "ep=urn:slow:dev-1", SILENCE));
      assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(tried(bystander, name)).isPresent();
      assertThat(pending.get(20, TimeUnit.SECONDS)).isEmpty();
      awaitReason(waiting, "did not tell whether it is revoked: it did not answer in time");
    }
  }

  @Test
  void responder_that_fails_and_recovers_is_told_of_and_admits_only_where_the_operator_says_so()
      throws Exception {
    FactoryCa ca = FactoryCa.root("Lenient CA");
    responders.put("/lenient", (exchange, request) -> send(exchange, 500, new byte[0]));
    follows(maker("lenient", ca, "/lenient", 60, true));
    EndpointName name = bed.expected("lenient", "dev-1");
    try (TestDevice device = bed.device(ca.issue("CN=dev-1"))) {
      assertThat(tried(device, name)).isPresent();
    }
    await().atMost(PATIENCE).until(() -> health("lenient").fault().isPresent());
    assertThat(health("lenient").failures()).isEqualTo(1);
    assertThat(health("lenient").fault()).hasValue("it answered with HTTP status 500");

    responders.put("/lenient", Responder.of(request -> OcspResponse.to(request).unknown().by(ca)));
    Factory stranger = ca.issue("CN=dev-2");
    assertRefused(stranger, "its CA's OCSP responder does not know its certificate");

    await().atMost(PATIENCE).until(() -> health("lenient").fault().isEmpty());
    assertThat(health("lenient").answers()).isEqualTo(1);
    assertThat(bed.events("ocsp-responder.changed"))
        .extracting(FleetEvent::details)
        .filteredOn(details -> details.get("id").equals("lenient"))
        .extracting(details -> details.get("change"))
        .containsExactlyInAnyOrder("failed", "answers");
  }

  /** A bad answer, and what operators read of it. */
  private record Bad(String name, FactoryCa ca, Responder responder, String reason) {
    String path() {
      return "/" + name;
    }
  }

  private interface Made {
    byte[] by(FactoryCa ca, OcspResponse response) throws Exception;
  }

  private List<Bad> bad() {
    FactoryCa liar = FactoryCa.root("Bad CA");
    Factory foreign = responder(liar, usage(KeyPurposeId.id_kp_OCSPSigning));
    Instant now = Instant.now();
    Instant later = now.plus(Duration.ofDays(1));
    Duration twoMonths = Duration.ofDays(60);
    return List.of(
        bad("liar", (ca, r) -> r.by(liar), "is not signed by the CA"),
        bad("foreign", (ca, r) -> r.by(foreign), "is not signed by the CA"),
        bad(
            "no-eku",
            (ca, r) -> r.by(responder(ca, usage(KeyPurposeId.id_kp_serverAuth))),
            "lacks OCSPSigning"),
        bad(
            "checked",
            (ca, r) ->
                r.by(
                    ca.issue(
                        new X500Name("CN=r"),
                        now.minusSeconds(9),
                        now.plus(twoMonths),
                        usage(KeyPurposeId.id_kp_OCSPSigning))),
            "no ocsp-nocheck"),
        bad(
            "expired-signer",
            (ca, r) ->
                r.by(
                    ca.issue(
                        new X500Name("CN=r"),
                        now.minus(Duration.ofDays(2)),
                        now.minusSeconds(9),
                        usage(KeyPurposeId.id_kp_OCSPSigning))),
            "is not valid now"),
        bad(
            "sha1",
            (ca, r) -> r.signedWith("SHA1withECDSA").by(ca),
            "of a kind that can be forged"),
        bad(
            "serial",
            (ca, r) -> r.aboutSerial(BigInteger.ONE).by(ca),
            "is about another certificate"),
        bad("issuer", (ca, r) -> r.aboutIssuer(liar).by(ca), "is about another certificate"),
        bad(
            "ended",
            (ca, r) -> r.from(now.minusSeconds(600), Optional.of(now)).by(ca),
            "its answer ended at"),
        bad(
            "stale",
            (ca, r) -> r.from(now.minus(Duration.ofDays(2)), Optional.empty()).by(ca),
            "its answer is stale"),
        bad(
            "future",
            (ca, r) -> r.from(later, Optional.of(later.plusSeconds(60))).by(ca),
            "is from the future"),
        bad(
            "nonce",
            (ca, r) -> r.withNonce(Optional.of(new byte[32])).by(ca),
            "is to another question"),
        bad("later", (ca, r) -> OcspResponse.status(3), "tryLater"),
        bad("unauthorized", (ca, r) -> OcspResponse.status(6), "unauthorized"),
        bad("unknown", (ca, r) -> r.unknown().by(ca), "does not know its certificate"),
        bad("page", (ca, r) -> "<html>".getBytes(), "is not an OCSP response"),
        bad("empty", (ca, r) -> new byte[0], "is not an OCSP response"),
        bad("torn", (ca, r) -> Arrays.copyOf(r.by(ca), 60), "is not an OCSP response"),
        bad("huge", (ca, r) -> new byte[70_000], "is larger than 65536 bytes"),
        new Bad(
            "500",
            FactoryCa.root("Bad CA"),
            (x, r) -> send(x, 500, new byte[0]),
            "with HTTP status 500"),
        new Bad(
            "elsewhere",
            FactoryCa.root("Bad CA"),
            (exchange, r) -> {
              exchange.getResponseHeaders().add("Location", url("/good"));
              exchange.sendResponseHeaders(307, -1);
            },
            "with HTTP status 307"),
        new Bad(
            "dripping",
            FactoryCa.root("Bad CA"),
            (exchange, r) -> {
              exchange.sendResponseHeaders(200, 0);
              while (!end.await(100, TimeUnit.MILLISECONDS)) {
                exchange.getResponseBody().write(0x30);
                exchange.getResponseBody().flush();
              }
            },
            "it did not answer in time"));
  }

  private static Bad bad(String name, Made made, String reason) {
    FactoryCa ca = FactoryCa.root("Bad CA");
    return new Bad(
        name, ca, Responder.of(request -> made.by(ca, OcspResponse.to(request))), reason);
  }

  @Test
  void bad_answer_lets_nobody_in_and_its_reason_is_told() throws Exception {
    List<Bad> all = bad();
    responders.put("/good", (exchange, request) -> send(exchange, 500, new byte[0]));
    for (Bad bad : all) {
      responders.put(bad.path(), bad.responder());
      bed.put(
          Kinds.MANUFACTURER,
          bad.name(),
          bad.name(),
          maker(bad.name(), bad.ca(), bad.path(), 60, false));
    }
    bed.restartServer();
    List<TestDevice> devices = new ArrayList<>();
    List<Future<Optional<Response>>> answers = new ArrayList<>();
    for (Bad bad : all) {
      TestDevice device = bed.device(bad.ca().issue("CN=dev-" + bad.name()));
      devices.add(device);
      answers.add(
          serving.submit(
              () -> device.bootstrap(bed.server().coapsAddress(), "ep=urn:x:y", SILENCE)));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).as(all.get(i).name()).isEmpty();
      devices.get(i).close();
      awaitReason("CN=dev-" + all.get(i).name(), all.get(i).reason());
    }
    assertThat(asked).doesNotContainKey("/good");
  }

  private static FactoryCa.Extra usage(KeyPurposeId purpose) {
    return builder ->
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
  }

  /** Short-lived: nobody needs to ask whether it is revoked. */
  private static Factory responder(FactoryCa ca, FactoryCa.Extra extra) {
    Instant now = Instant.now();
    return ca.issue(
        new X500Name("CN=responder"), now.minusSeconds(60), now.plus(Duration.ofDays(1)), extra);
  }

  private void assertRefused(Factory factory, String... reason) throws Exception {
    try (TestDevice device = bed.device(factory)) {
      assertThat(device.bootstrap(bed.server().coapsAddress(), "ep=urn:x:y", SILENCE)).isEmpty();
    }
    awaitReason(factory, reason);
  }

  private void awaitReason(Factory factory, String... reason) {
    awaitReason(factory.certificate().getSubjectX500Principal().getName(), reason);
  }

  private void awaitReason(String subject, String... reason) {
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

  private OcspStatus.Health health(String maker) throws Exception {
    OcspResponder responder =
        bed.find(Kinds.MANUFACTURER, maker, maker).orElseThrow().value().ocspResponders().get(0);
    return bed.find(Kinds.OCSP_STATUS, maker, maker)
        .map(stored -> stored.value().of(responder))
        .orElseGet(() -> OcspStatus.Health.none(responder));
  }

  /** Changes the record; when this returns, the server goes by it. */
  private void follows(Manufacturer manufacturer) throws Exception {
    bed.put(Kinds.MANUFACTURER, manufacturer.id(), manufacturer.id(), manufacturer);
    bed.restartServer();
  }

  private Optional<Response> tried(TestDevice device, EndpointName name) throws Exception {
    return device.bootstrap(bed.server().coapsAddress(), "ep=" + name, REFUSED);
  }

  private String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(http.getAddress().getPort(), path);
  }

  private Manufacturer maker(
      String id, FactoryCa ca, String path, int staleAfterMinutes, boolean admitUnanswered) {
    return maker(id, ca, path, staleAfterMinutes, admitUnanswered, 1);
  }

  private Manufacturer maker(
      String id,
      FactoryCa ca,
      String path,
      int staleAfterMinutes,
      boolean admitUnanswered,
      int patienceSeconds) {
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
        List.of(),
        List.of(),
        List.of(
            new OcspResponder(
                Certificates.keySha256(ca.certificate()),
                url(path),
                staleAfterMinutes,
                patienceSeconds,
                admitUnanswered)));
  }
}
