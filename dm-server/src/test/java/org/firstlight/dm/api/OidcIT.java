package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.firstlight.fleet.tenant.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in at a real OpenID provider, with what a browser would do done by hand. */
class OidcIT {
  @TempDir static Path folder;
  private static RunningApi api;
  private static TestProvider provider;
  private static String console;

  @BeforeAll
  static void start() throws Exception {
    int port = free();
    int issuer = free();
    console = "http://127.0.0.1:" + port;
    Path secret = Files.writeString(folder.resolve("client-secret"), "a-secret-of-the-tests\n");
    provider =
        TestProvider.start(
            issuer, console + "/api/v1/session/oidc/callback", "a-secret-of-the-tests");
    api =
        new RunningApi(
            folder,
            1,
            """
            http: { port: %d, publicUrl: "%s" }
            oidc: { issuer: "http://127.0.0.1:%d", clientId: firstlight, clientSecretFile: %s, name: Test }
            """
                .formatted(port, console, issuer, secret)
                .strip());
    api.userToken(RunningApi.PROVIDER, "anna@example.com", Role.OPERATOR);
    api.userToken(RunningApi.PROVIDER, "bert@example.com", Role.VIEWER);
    api.userToken(RunningApi.PROVIDER, "carla@example.com", Role.VIEWER);
  }

  private static int free() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (api != null) {
      api.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  /** A browser that goes where it is sent; cookies by port, for both are on this host. */
  private static final class Browser {
    private final HttpClient http =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
    private final Map<String, Map<String, String>> cookies = new HashMap<>();

    HttpResponse<String> get(String address) throws Exception {
      URI uri = URI.create(address);
      Map<String, String> jar = cookies.computeIfAbsent(uri.getAuthority(), a -> new HashMap<>());
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (!jar.isEmpty()) {
        request.header(
            "Cookie",
            jar.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("; ")));
      }
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      for (String cookie : response.headers().allValues("Set-Cookie")) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        jar.put(pair[0], pair[1]);
      }
      return response;
    }

    Map<String, String> ours() {
      return cookies.computeIfAbsent(URI.create(console).getAuthority(), a -> new HashMap<>());
    }

    /** Goes to the provider and on, until it is sent back to us. */
    String untilItComesBack() throws Exception {
      String at = console + "/api/v1/session/oidc/start";
      for (int i = 0; i < 10; i++) {
        HttpResponse<String> response = get(at);
        assertThat(response.statusCode()).as(response.body()).isIn(302, 303);
        String to = response.headers().firstValue("Location").orElseThrow();
        at = URI.create(at).resolve(to).toString();
        if (at.startsWith(console + "/api/v1/session/oidc/callback")) {
          return at;
        }
      }
      throw new AssertionError("it never comes back");
    }

    String end(String callback) throws Exception {
      HttpResponse<String> response = get(callback);
      assertThat(response.statusCode()).isEqualTo(303);
      return response.headers().firstValue("Location").orElseThrow();
    }

    int session() throws Exception {
      return get(console + "/api/v1/session").statusCode();
    }
  }

  private static final String REFUSED = "/#/sign-in?refused=UNAUTHENTICATED";

  @Test
  void user_whom_the_provider_knows_gets_a_session_of_its_own() throws Exception {
    provider.signsIn("anna-1", "Anna@Example.com", true);
    Browser browser = new Browser();

    String callback = browser.untilItComesBack();
    assertThat(browser.end(callback)).isEqualTo(console + "/#/fleet");

    HttpResponse<String> session = browser.get(console + "/api/v1/session");
    assertThat(session.statusCode()).isEqualTo(200);
    assertThat(session.body())
        .contains("\"user\":\"anna@example.com\"")
        .contains("\"role\":\"OPERATOR\"");
    assertThat(browser.ours().get(OidcRoutes.COOKIE)).isEmpty();
  }

  @Test
  void the_way_back_is_good_once_and_for_the_browser_that_went() throws Exception {
    provider.signsIn("anna-1", "anna@example.com", true);
    Browser browser = new Browser();
    String callback = browser.untilItComesBack();
    String kept = browser.ours().get(OidcRoutes.COOKIE);

    Browser other = new Browser();
    assertThat(other.end(callback)).as("another browser").isEqualTo(console + REFUSED);
    assertThat(other.session()).isEqualTo(401);

    String tampered = callback.replaceFirst("state=[^&]*", "state=guess");
    assertThat(browser.end(tampered)).as("another state").isEqualTo(console + REFUSED);

    browser.ours().put(OidcRoutes.COOKIE, kept);
    assertThat(browser.end(callback)).isEqualTo(console + "/#/fleet");

    Browser again = new Browser();
    again.ours().put(OidcRoutes.COOKIE, kept);
    assertThat(again.end(callback)).as("the code is used up").isEqualTo(console + REFUSED);
    assertThat(again.session()).isEqualTo(401);
  }

  @Test
  void a_code_is_worth_nothing_with_another_nonce_or_verifier() throws Exception {
    provider.signsIn("anna-1", "anna@example.com", true);
    for (int part = 1; part <= 2; part++) {
      Browser browser = new Browser();
      String callback = browser.untilItComesBack();
      String[] journey = browser.ours().get(OidcRoutes.COOKIE).split("\\.");
      journey[part] = "A".repeat(journey[part].length());
      browser.ours().put(OidcRoutes.COOKIE, String.join(".", journey));
      assertThat(browser.end(callback)).as("part " + part).isEqualTo(console + REFUSED);
      assertThat(browser.session()).isEqualTo(401);
    }
  }

  @Test
  void nobody_gets_in_by_the_providers_word_alone() throws Exception {
    for (List<String> who :
        List.of(
            List.of("stranger", "stranger@example.com", "true"),
            List.of("bert-1", "bert@example.com", "false"),
            List.of("odd", "*", "true"))) {
      provider.signsIn(who.get(0), who.get(1), Boolean.parseBoolean(who.get(2)));
      Browser browser = new Browser();
      assertThat(browser.end(browser.untilItComesBack()))
          .as(who.toString())
          .isEqualTo(console + REFUSED);
      assertThat(browser.session()).isEqualTo(401);
    }
  }

  @Test
  void address_that_is_given_to_another_person_lets_that_one_in_nowhere() throws Exception {
    provider.signsIn("carla-1", "carla@example.com", true);
    Browser carla = new Browser();
    assertThat(carla.end(carla.untilItComesBack())).isEqualTo(console + "/#/fleet");

    provider.signsIn("another-2", "carla@example.com", true);
    Browser another = new Browser();
    assertThat(another.end(another.untilItComesBack())).isEqualTo(console + REFUSED);
  }

  @Test
  void sign_in_page_is_told_of_the_provider() throws Exception {
    assertThat(api.anonymous().get("/session/ways").text())
        .isEqualTo("{\"password\":true,\"oidc\":\"Test\"}");
  }

  @Test
  void where_none_is_configured_there_is_none(@TempDir Path other) throws Exception {
    try (RunningApi plain = new RunningApi(other, 1)) {
      assertThat(plain.anonymous().get("/session/oidc/start").status()).isEqualTo(404);
      assertThat(plain.anonymous().get("/session/ways").text()).isEqualTo("{\"password\":true}");
    }
  }
}
