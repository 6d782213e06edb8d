package org.firstlight.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Leaf;
import org.firstlight.kit.TestCa.Wish;
import org.firstlight.kit.config.HttpConfig;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.Pem;
import org.firstlight.kit.pki.PkiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class HttpServerIT {
  private static final HttpConfig LOOPBACK =
      new HttpConfig("127.0.0.1", 0, Optional.empty(), Optional.empty(), false);

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.on(LOOPBACK)
            .console()
            .maxBodyBytes(1000)
            .routes(
                routes -> {
                  routes.get(
                      "/api/v1/echo", ctx -> ctx.json(Optional.ofNullable(ctx.queryString())));
                  routes.post("/api/v1/echo", ctx -> ctx.result(ctx.body()));
                  routes.get(
                      "/api/v1/refused",
                      ctx -> {
                        throw new RefusedException(
                            Failure.of(FailureCode.CONFLICT, "someone was faster"));
                      });
                  routes.get(
                      "/api/v1/gone",
                      ctx ->
                          Problem.answer(
                              ctx, Failure.of(FailureCode.NOT_FOUND, "the device is gone")));
                  routes.get(
                      "/api/v1/away",
                      ctx -> {
                        throw new DependencyUnavailableException("redis at a secret place");
                      });
                  routes.get(
                      "/api/v1/broken",
                      ctx -> {
                        throw new IllegalStateException("inner workings");
                      });
                })
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void errors_are_problems_with_stable_codes() throws Exception {
    assertProblem(get("/api/v1/refused"), 409, "CONFLICT", "someone was faster");
    assertProblem(
        get("/api/v1/away"), 503, "DEPENDENCY_UNAVAILABLE", "state cannot be reached just now");
    assertThat(get("/api/v1/away").headers().firstValue("Retry-After")).contains("5");
    assertProblem(get("/api/v1/broken"), 500, "INTERNAL", "the server failed; its log says why");
    assertProblem(get("/api/v1/nowhere"), 404, "NOT_FOUND", "there is nothing here");
    assertProblem(post("/api/v1/refused", ""), 405, "UNSUPPORTED", "this cannot be done here");
    assertProblem(get("/api/v1/gone"), 404, "NOT_FOUND", "the device is gone");
    assertThat(get("/api/v1/away").body()).doesNotContain("secret");
    assertThat(get("/api/v1/broken").body()).doesNotContain("inner");
  }

  @Test
  void a_body_beyond_the_limit_is_refused() throws Exception {
    assertThat(post("/api/v1/echo", "x".repeat(1000)).statusCode()).isEqualTo(200);
    assertProblem(
        post("/api/v1/echo", "x".repeat(1001)), 413, "MALFORMED", "the body is too large");
  }

  @Test
  void every_answer_carries_the_security_headers() throws Exception {
    for (String path : List.of("/api/v1/echo", "/", "/api/v1/nowhere", "/api/v1/broken")) {
      HttpResponse<String> answer = get(path);
      assertThat(header(answer, "Content-Security-Policy"))
          .as(path)
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'");
      assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(answer, "Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.headers().firstValue("Server")).isEmpty();
    }
    assertThat(header(get("/api/v1/echo"), "Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void the_console_answers_every_address_that_is_no_file() throws Exception {
    for (String path : List.of("/", "/devices", "/devices/urn:dev:1", "/index.html")) {
      HttpResponse<String> page = get(path);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).as(path).contains("<title>Firstlight</title>");
      assertThat(header(page, "Content-Type")).startsWith("text/html");
      assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    }
  }

  @Test
  void built_assets_may_be_kept_and_missing_ones_are_missing() throws Exception {
    HttpResponse<String> asset = get("/assets/app-1a2b3c.js");

    assertThat(asset.body()).contains("export const here");
    assertThat(header(asset, "Content-Type")).contains("javascript");
    assertThat(asset.headers().allValues("Cache-Control"))
        .containsExactly("public, max-age=31536000, immutable");
    assertThat(header(asset, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(get("/assets/gone.js").statusCode()).isEqualTo(404);
    assertThat(header(get("/favicon.svg"), "Content-Type")).isEqualTo("image/svg+xml");
  }

  @Test
  void nothing_outside_the_console_is_served() throws Exception {
    for (String path :
        List.of(
            "/assets/../logback-test.xml",
            "/assets/%2e%2e/%2e%2e/logback-test.xml",
            "/assets/..%2flogback-test.xml",
            "/..%2flogback-test.xml",
            "//etc/passwd",
            "/org/firstlight/kit/config/defaults.yaml")) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
          .as(path)
          .doesNotContain("appender")
          .doesNotContain("root:")
          .doesNotContain("dataDirectory");
    }
  }

  @Test
  void a_strange_host_name_is_turned_away_from_loopback() throws Exception {
    assertThat(raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 421");
    assertThat(raw("GET / HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
    assertThat(raw("GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void garbage_on_the_socket_is_answered_and_survived() throws Exception {
    assertThat(raw("\u0016\u0003\u0001 nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 414");

    assertThat(get("/api/v1/echo?x").statusCode()).isEqualTo(200);
  }

  @Test
  void while_state_is_away_the_log_says_so_once_and_without_a_trace() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(Problems.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      for (int i = 0; i < 5; i++) {
        assertThat(get(server, "/api/v1/away").statusCode()).isEqualTo(503);
      }
    } finally {
      logger.detachAppender(log);
    }

    assertThat(log.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO)))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getThrowableProxy()).isNull();
            });
  }

  @Test
  void with_a_certificate_it_speaks_tls() throws Exception {
    TestCa ca = TestCa.root("Web CA");
    Leaf leaf =
        ca.leaf(
            Wish.of("CN=localhost")
                .with(
                    builder ->
                        builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")))));
    Path certificate = folder.resolve("web.pem");
    Path key = folder.resolve("web.key");
    Files.writeString(certificate, Certificates.pem(leaf.chain()));
    Files.writeString(key, Pem.write("PRIVATE KEY", leaf.keys().getPrivate().getEncoded()));
    HttpConfig.Tls tls = new HttpConfig.Tls(certificate, key);
    HttpConfig http = new HttpConfig("127.0.0.1", 0, Optional.empty(), Optional.of(tls), false);

    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    assertThatExceptionOfType(PkiException.class)
        .isThrownBy(() -> HttpServer.on(http).start())
        .withMessageContaining("chmod 600");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

    try (HttpServer secure =
        HttpServer.on(http).routes(routes -> routes.get("/", ctx -> ctx.result("hi"))).start()) {
      assertThat(secure.uri().getScheme()).isEqualTo("https");
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .sslContext(trusting(ca))
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create("https://localhost:" + secure.port() + "/"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo("hi");
      assertThat(header(answer, "Strict-Transport-Security")).contains("max-age");
    }
    Files.writeString(key, "no key");
    assertThatExceptionOfType(PkiException.class)
        .isThrownBy(() -> HttpServer.on(http).start())
        .withMessageContaining("http.tls cannot be used");
  }

  @Test
  void health_is_503_while_something_is_wrong_and_metrics_are_text() throws Exception {
    Health health = new Health();
    health.check("redis", () -> Optional.of("it does not answer"));
    health.check("coaps", Optional::empty);
    try (Metrics metrics = new Metrics();
        HttpServer alone = HealthRoutes.startAlone(0, health, metrics)) {
      metrics.failed("firstlight.bootstrap", FailureCode.FORBIDDEN);
      HttpResponse<String> sick = get(alone, "/health");
      assertThat(sick.statusCode()).isEqualTo(503);
      assertThat(sick.body())
          .contains(
              "\"status\":\"failing\"", "\"redis\":\"it does not answer\"", "\"coaps\":\"ok\"");

      health.check("redis", Optional::empty);
      assertThat(get(alone, "/health").statusCode()).isEqualTo(200);
      assertThat(get(alone, "/metrics").body())
          .contains("firstlight_bootstrap_failed_total{failure=\"forbidden\"} 1.0")
          .contains("jvm_memory_used_bytes");
      assertThat(get(alone, "/").statusCode()).isEqualTo(404);
    }
  }

  private static SSLContext trusting(TestCa ca) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", ca.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static void assertProblem(
      HttpResponse<String> answer, int status, String code, String detail) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(header(answer, "Content-Type")).startsWith("application/problem+json");
    assertThat(answer.body())
        .contains("\"type\":\"about:blank\"")
        .contains("\"status\":" + status)
        .contains("\"code\":\"" + code + "\"")
        .contains("\"detail\":\"" + detail + "\"");
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return get(server, path);
  }

  private HttpResponse<String> get(HttpServer from, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(from.uri().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
