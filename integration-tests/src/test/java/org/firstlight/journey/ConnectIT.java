package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.redis.RedisStores;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Leaf;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engineer's own client comes in by what {@code POST /connections} answers, without a plan. */
class ConnectIT {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private static Path root;
  private static PlatformInside platform;
  private static Api administrator;

  @BeforeAll
  static void start() throws Exception {
    int http = Ports.free();
    Path config = root.resolve("firstlight.yaml");
    Files.writeString(
        config,
        """
        dataDirectory: platform
        http: { port: %d }
        bootstrap: { host: 127.0.0.1, port: 0, plainPort: 0 }
        dm: { host: 127.0.0.1, port: 0, plainPort: 0 }
        """
            .formatted(http));
    platform = new PlatformInside(config);
    try (RedisStores redis = new PlatformRedis(root.resolve("platform").resolve("redis")).open()) {
      String token =
          new FirstAdministrator(redis.stores().records(), Clock.systemUTC()).apiToken("connect");
      administrator = new Api(java.net.URI.create("http://127.0.0.1:" + http), token);
    }
  }

  @AfterAll
  static void stop() {
    platform.stop();
  }

  @Test
  void a_client_bootstraps_by_psk_and_is_read() {
    JsonNode connection = connect("psk-bootstraps", "psk", Map.of()).done();

    try (EngineersClient client = EngineersClient.bootstrapping(connection)) {
      client.isRegistered();
      assertComesInBy(connection, "connect-psk", "psk");
      assertReadable("psk-bootstraps");
    }
  }

  @Test
  void a_client_registers_by_psk_at_once() {
    JsonNode connection = connect("psk-registers", "psk", Map.of()).done();

    try (EngineersClient client = EngineersClient.registering(connection)) {
      client.isRegistered();
      assertReadable("psk-registers");
    }
  }

  @ParameterizedTest
  @CsvSource({"rpk, 2, 127.0.0.1", "issued-key, 3, localhost"})
  void a_client_takes_what_a_plan_gives_it(String credential, int usage, String host) {
    String name = "given-" + credential;
    JsonNode connection = connect(name, "psk", Map.of("host", host)).done();
    administrator
        .put(
            "/onboarding-plans/" + name,
            Map.of(
                "models",
                List.of("psk-client-at-" + host),
                "priority",
                9,
                "credential",
                credential,
                "subscription",
                "none",
                "account",
                Map.of(
                    "uri", connection.path("dm").path("uri").asText(), "certificateUsage", usage)))
        .done();

    try (EngineersClient client = EngineersClient.bootstrapping(connection)) {
      client.isRegistered();
      assertComesInBy(connection, name, credential);
      assertReadable(name);
    }
  }

  @Test
  void a_client_bootstraps_by_a_certificate_of_its_own() {
    KeyPair keys = Authority.newKeyPair();
    X509Certificate own = certificate(keys, "bench-certificate");
    JsonNode connection = connect("cert-bootstraps", "certificate", pem(own)).done();

    try (EngineersClient client =
        EngineersClient.bootstrapping(connection, own, keys.getPrivate())) {
      client.isRegistered();
      assertComesInBy(connection, "connect-certificate", "issued-key");
      assertReadable("cert-bootstraps");
    }
  }

  @Test
  void a_client_registers_with_a_certificate_over_its_own_key() {
    KeyPair keys = Authority.newKeyPair();
    X509Certificate own = certificate(keys, "another-bench-certificate");
    JsonNode connection = connect("cert-registers", "certificate", pem(own)).done();

    try (EngineersClient client = EngineersClient.registering(connection, keys.getPrivate())) {
      client.isRegistered();
      assertReadable("cert-registers");
    }
  }

  @Test
  void a_client_bootstraps_without_security_on_this_machine() {
    JsonNode connection = connect("nosec-bootstraps", "nosec", Map.of()).done();
    assertThat(connection.at("/bootstrap/uri").asText()).startsWith("coap://127.0.0.1:");

    try (EngineersClient client = EngineersClient.bootstrapping(connection)) {
      client.isRegistered();
      assertComesInBy(connection, "connect-nosec", "nosec");
      assertReadable("nosec-bootstraps");
    }
  }

  @Test
  void a_client_registers_without_security_on_this_machine() {
    JsonNode connection = connect("nosec-registers", "nosec", Map.of()).done();

    try (EngineersClient client = EngineersClient.registering(connection)) {
      client.isRegistered();
      assertReadable("nosec-registers");
    }
  }

  @Test
  void a_new_connection_ends_the_keys_of_the_one_before() {
    JsonNode first = connect("twice", "psk", Map.of()).done();
    JsonNode second = connect("twice", "psk", Map.of()).done();

    assertThat(second.at("/dm/key")).isNotEqualTo(first.at("/dm/key"));
    assertThat(second.at("/bootstrap/key")).isNotEqualTo(first.at("/bootstrap/key"));
    try (EngineersClient client = EngineersClient.registering(second)) {
      client.isRegistered();
    }
  }

  @Test
  void another_host_is_written_into_the_account() {
    connect("elsewhere", "psk", Map.of("host", "gateway.example")).done();

    JsonNode plan = administrator.get("/onboarding-plans/connect-psk-at-gateway.example");
    assertThat(plan.at("/account/uri").asText()).startsWith("coaps://gateway.example:");
    assertThat(plan.at("/models/0").asText()).isEqualTo("psk-client-at-gateway.example");
  }

  @Test
  void what_no_client_can_use_is_refused_with_the_reason() {
    KeyPair keys = Authority.newKeyPair();
    Instant now = Instant.now();
    Authority issuer = Authority.create("a CA", now);
    X509Certificate expired =
        issuer.issue(
            keys.getPublic(), new Leaf(cn("old"), now.minus(DAY.multipliedBy(2)), now.minus(DAY)));
    X509Certificate nameless =
        issuer.issue(
            keys.getPublic(),
            new Leaf(
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, "bench").build(),
                now.minus(DAY),
                now.plus(DAY)));

    assertRefused(connect("with space", "psk", Map.of()), 400, "name");
    assertRefused(connect("x".repeat(65), "psk", Map.of()), 400, "name");
    assertRefused(connect("bad-1", "password", Map.of()), 400, "credential");
    assertRefused(connect("bad-2", "psk", Map.of("host", "no host")), 400, "host");
    assertRefused(connect("bad-3", "nosec", Map.of("host", "elsewhere")), 400, "host");
    assertRefused(connect("bad-4", "certificate", Map.of()), 400, "missing");
    assertRefused(
        connect("bad-5", "certificate", Map.of("certificate", "none")), 400, "certificate");
    assertRefused(connect("bad-6", "certificate", pem(issuer.certificate())), 400, "CA");
    assertRefused(connect("bad-7", "certificate", pem(expired)), 400, "expired");
    X509Certificate spaced = certificate(keys, "my device");
    assertRefused(connect("bad-10", "certificate", pem(spaced)), 400, "common name");
    assertRefused(connect("bad-8", "certificate", pem(nameless)), 400, "common names");
    Map<String, String> elsewhere = new HashMap<>(pem(certificate(keys, "good")));
    elsewhere.put("host", "elsewhere.example");
    assertRefused(connect("bad-9", "certificate", elsewhere), 400, "bootstrap.names");
    assertThat(administrator.tryGet("/devices/bad-6").status()).isEqualTo(404);
  }

  private static Api.Answer connect(String name, String credential, Map<String, String> more) {
    Map<String, String> wish = new HashMap<>(more);
    wish.put("name", name);
    wish.put("credential", credential);
    return administrator.post("/connections", wish);
  }

  private static void assertRefused(Api.Answer answer, int status, String word) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.body().path("detail").asText()).contains(word);
  }

  private static void assertComesInBy(JsonNode connection, String plan, String credential) {
    String name = connection.path("endpointName").asText();
    eventually(
        () ->
            assertThat(seen(name, "journey").path("steps").findValuesAsText("name"))
                .contains("admission", "plan", "enrolment", "bootstrap", "register"));
    JsonNode session = seen(name, "sessions").path("items").get(0);
    assertThat(session.path("planId").asText()).isEqualTo(plan);
    assertThat(session.path("exchanges").findValuesAsText("path")).contains("/0/1", "/1/0");
    assertThat(seen(name, "journey").toString()).contains("\"credential\":\"" + credential + "\"");
  }

  private static void assertReadable(String name) {
    eventually(
        () -> {
          JsonNode read =
              administrator
                  .post(
                      "/devices/" + name + "/operations",
                      Map.of("operation", "read", "path", "/3/0/0"))
                  .done();
          assertThat(read.at("/values/0/value").asText()).isEqualTo(EngineersClient.MANUFACTURER);
        });
  }

  private static JsonNode seen(String name, String part) {
    return administrator.get("/devices/" + name + "/" + part);
  }

  private static Map<String, String> pem(X509Certificate certificate) {
    return Map.of("certificate", Certificates.pem(List.of(certificate)));
  }

  private static X509Certificate certificate(KeyPair keys, String commonName) {
    Instant now = Instant.now();
    return Authority.create("bench CA", now)
        .issue(keys.getPublic(), new Leaf(cn(commonName), now.minus(DAY), now.plus(DAY)));
  }

  private static org.bouncycastle.asn1.x500.X500Name cn(String value) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, value).build();
  }
}
