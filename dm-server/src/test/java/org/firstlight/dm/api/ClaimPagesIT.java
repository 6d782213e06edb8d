package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.firstlight.dm.access.Permission;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimAnswers;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.Waiting;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** End users, who claim the device from the box on a service provider's page. */
class ClaimPagesIT {
  private static final String PAGE =
      """
      {"title":"Welcome to Things","offers":[{"country":"FR","coverages":[
        {"id":"home","name":"In France","plans":[
          {"id":"basic","name":"Basic","plmns":["20801","20810"]},
          {"id":"more","name":"More","plmns":["20820"]}]}]}]}""";
  private static final int GUESSES = 3_000;

  @TempDir static Path folder;
  private static RunningApi api;
  private static final HttpClient BROWSER = HttpClient.newHttpClient();
  private static int addresses;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, 6, "http: { port: 0, trustedProxy: true }");
    api.ship();
    for (String page : List.of("things", "moment", "network")) {
      Reply saved = provider().put("/claim-pages/" + page, PAGE);
      assertThat(saved.status()).as(saved.toString()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static RunningApi.Caller provider() {
    return api.as(api.token(RunningApi.PROVIDER));
  }

  private static String code(int device) {
    return api.shipment.devices().get(device).claimCode();
  }

  private static String wish(String code, String plan, String attempt) {
    return """
        {"code":"%s","country":"FR","coverage":"home","servicePlan":"%s","attempt":"%s"}"""
        .formatted(code, plan, attempt);
  }

  private static HttpRequest.Builder request(String path, String from) {
    return HttpRequest.newBuilder(api.uri(path))
        .header("X-Forwarded-For", from)
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<String> claim(String from, String body) throws Exception {
    return BROWSER.send(
        request("/claim-pages/things/claims", from)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String somewhere() {
    addresses++;
    return "198.18.%d.%d".formatted(addresses / 250, addresses % 250 + 1);
  }

  private static String cookie(HttpResponse<String> claimed) {
    return claimed.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  private static HttpResponse<String> withPass(String method, String path, String cookie)
      throws Exception {
    return BROWSER.send(
        request(path, somewhere())
            .header("Cookie", cookie)
            .method(method, HttpRequest.BodyPublishers.ofString("{}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static Device device(int index) {
    return api.state.find(Kinds.DEVICE, api.name(index)).orElseThrow().value();
  }

  @Test
  void page_with_a_choice_that_cannot_be_is_refused_with_its_place() throws Exception {
    Map<String, String> faults =
        Map.of(
            PAGE.replace("\"FR\"", "\"XX\""),
            "country",
            PAGE.replace("20801", "2"),
            "offers.FR.home.basic.plmns",
            PAGE.replace("20810", "20801"),
            "none twice",
            PAGE.replace("\"more\"", "\"basic\""),
            "twice",
            PAGE.replace("In France", ""),
            "offers.FR.home.name",
            "{\"title\":\"t\",\"offers\":[]}",
            "offers",
            PAGE.replaceFirst("\\{", "{\"tilte\":1,"),
            "tilte");
    for (var fault : faults.entrySet()) {
      Reply reply = provider().put("/claim-pages/wrong", fault.getKey());
      assertThat(reply.status()).as(reply.toString()).isEqualTo(400);
      assertThat(reply.detail()).contains(fault.getValue());
    }
    Reply foreign = api.as(api.token(RunningApi.OTHER_PROVIDER)).get("/claim-pages/things");
    assertThat(foreign.status()).isEqualTo(404);
    Reply nobody =
        api.as(api.administrator)
            .put("/claim-pages/nobodys", PAGE.replaceFirst("\\{", "{\"tenant\":\"north\","));
    assertThat(nobody.status()).isEqualTo(400);
  }

  @Test
  void stranger_sees_what_is_offered_and_no_network_of_it() throws Exception {
    Reply offers = api.anonymous().get("/claim-pages/things/offers");

    assertThat(offers.status()).isEqualTo(200);
    assertThat(offers.body().at("/offers/0/coverages/0/plans/1/name").asText()).isEqualTo("More");
    assertThat(offers.text()).doesNotContain("plmns").doesNotContain("20801");
    assertThat(api.anonymous().get("/claim-pages/none/offers").status()).isEqualTo(404);
  }

  @Test
  void box_is_claimed_with_answers_and_its_browser_alone_sees_the_device() throws Exception {
    String from = somewhere();
    HttpResponse<String> claimed =
        claim(from, wish(code(0).toLowerCase(), "basic", "a".repeat(22)));

    assertThat(claimed.statusCode()).as(claimed.body()).isEqualTo(201);
    Claim claim = device(0).claim().orElseThrow();
    assertThat(claim.tenant()).isEqualTo(RunningApi.PROVIDER);
    assertThat(claim.preferredPlmns()).containsExactly("20801", "20810");
    assertThat(claim.answers()).contains(new ClaimAnswers("FR", "home", "basic"));
    assertThat(claimed.headers().firstValue("Set-Cookie").orElseThrow())
        .contains("HttpOnly", "SameSite=Strict", "Path=/api/v1/my-device");
    String pass = cookie(claimed);
    HttpResponse<String> mine = withPass("GET", "/my-device", pass);
    assertThat(mine.statusCode()).isEqualTo(200);
    assertThat(mine.body())
        .contains("\"progress\":\"NOT_SEEN\"", "FL-1")
        .doesNotContain(RunningApi.PROVIDER, api.name(0), RunningApi.MAKER);

    // a code is good once: for who has no other box it is as wrong as any other
    HttpResponse<String> again = claim(somewhere(), wish(code(0), "more", "b".repeat(22)));
    HttpResponse<String> never =
        claim(somewhere(), wish("ZZZZ-ZZZZ-ZZZZ-ZZZZ", "more", "b".repeat(22)));
    assertThat(again.statusCode()).isEqualTo(never.statusCode()).isEqualTo(404);
    assertThat(again.body()).isEqualTo(never.body());
    // the answer that the browser did not get comes once more
    assertThat(claim(from, wish(code(0), "basic", "a".repeat(22))).statusCode()).isEqualTo(201);

    assertThat(provider().get("/audit").text()).contains("device.claim", api.name(0), from);
  }

  @Test
  void who_claims_a_device_that_was_here_is_told_that_it_comes_again() throws Exception {
    api.state.edit(
        Kinds.DEVICE,
        api.name(5),
        api.name(5),
        stored ->
            Optional.of(
                Change.in(stored.id())
                    .put(
                        Kinds.DEVICE,
                        stored.id(),
                        stored.version(),
                        stored
                            .value()
                            .withWaiting(
                                Optional.of(new Waiting("waiting for its owner", Instant.EPOCH))))
                    .build()));

    HttpResponse<String> claimed = claim(somewhere(), wish(code(5), "basic", "e".repeat(22)));

    assertThat(claimed.body()).contains("\"progress\":\"WAITING\"");
    Reply seen = provider().get("/devices/" + RunningApi.path(api.name(5)));
    assertThat(seen.body().path("waiting").asText()).isEqualTo("claimed since");
  }

  @Test
  void pass_opens_one_device_and_no_other_route() throws Exception {
    String pass = cookie(claim(somewhere(), wish(code(1), "basic", "c".repeat(22))));

    int tried = 0;
    for (Route route : api.table()) {
      if (route.permission() == Permission.SIGN_IN || route.permission() == Permission.OWN_DEVICE) {
        continue;
      }
      tried++;
      String path =
          route
              .path()
              .replace("{endpointName}", RunningApi.path(api.name(1)))
              .replaceAll("\\{[a-zA-Z]+}", "1");
      String as = pass.replace(ClaimPageRoutes.COOKIE, Gate.COOKIE);
      assertThat(withPass(route.method().name(), path, pass + "; " + as).statusCode())
          .as(route.method() + " " + route.path())
          .isEqualTo(401);
    }
    assertThat(tried).isGreaterThan(50);
    String leave = "/my-device";
    assertThat(withPass("DELETE", leave, pass).statusCode()).as("no csrf").isEqualTo(403);
    for (String odd : List.of("", "x", "a.b.c", pass + "x", pass.replaceFirst("\\.1", ".2"))) {
      String cookie =
          odd.startsWith(ClaimPageRoutes.COOKIE) ? odd : ClaimPageRoutes.COOKIE + "=" + odd;
      assertThat(withPass("GET", leave, cookie).statusCode()).as(odd).isEqualTo(401);
    }

    provider().delete("/claims/" + RunningApi.path(api.name(1)));
    assertThat(withPass("GET", leave, pass).statusCode()).as("released").isEqualTo(401);
  }

  @Test
  void answers_that_are_not_offered_together_claim_nothing() throws Exception {
    HttpResponse<String> refused = claim(somewhere(), wish(code(2), "gold", "d".repeat(22)));
    HttpResponse<String> odd = claim(somewhere(), "{\"code\":\"" + code(2) + "\"}");
    HttpResponse<String> huge = claim(somewhere(), wish("A".repeat(4000), "basic", "d".repeat(22)));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(odd.statusCode()).isEqualTo(400);
    assertThat(huge.statusCode()).isEqualTo(413);
    assertThat(refused.body() + odd.body()).doesNotContain(code(2));
    assertThat(device(2).owner()).isEmpty();
  }

  @Test
  void who_guesses_from_one_address_waits_and_nobody_else_does() throws Exception {
    String guesser = somewhere();
    int last = 0;
    for (int i = 0; i < 11; i++) {
      last = claim(guesser, wish("GUESS-%07d".formatted(i), "basic", "e".repeat(22))).statusCode();
    }

    assertThat(last).isEqualTo(429);
    assertThat(claim(guesser, wish(code(3), "basic", "f".repeat(22))).statusCode()).isEqualTo(429);
    assertThat(claim(somewhere(), wish(code(3), "basic", "f".repeat(22))).statusCode())
        .isEqualTo(201);
  }

  @Test
  void nobody_guesses_on_by_writing_another_address_into_a_header() throws Exception {
    String guesser = somewhere();
    int last = 0;
    for (int i = 0; i < 11; i++) {
      last =
          BROWSER
              .send(
                  request("/claim-pages/things/claims", "192.0.2.%d, %s".formatted(i, guesser))
                      .header("Forwarded", "for=192.0.2." + i)
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              wish("HEADER-%06d".formatted(i), "basic", "e".repeat(22))))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .statusCode();
    }
    assertThat(last).isEqualTo(429);
  }

  @Test
  void many_guesses_at_one_moment_are_no_more_than_one_after_the_other() {
    String guesser = somewhere();
    List<CompletableFuture<HttpResponse<String>>> guesses =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    BROWSER.sendAsync(
                        request("/claim-pages/moment/claims", guesser)
                            .POST(
                                HttpRequest.BodyPublishers.ofString(
                                    wish("MOMENT-%06d".formatted(i), "basic", "e".repeat(22))))
                            .build(),
                        HttpResponse.BodyHandlers.ofString()))
            .toList();
    assertThat(guesses.stream().filter(guess -> guess.join().statusCode() == 404)).hasSize(10);
  }

  @Test
  void a_whole_ipv6_network_of_a_customer_has_sixty_tries_a_minute() throws Exception {
    List<Integer> answers = new ArrayList<>();
    for (int i = 0; i < 61; i++) {
      String body = wish("NETWORK-%05d".formatted(i), "basic", "e".repeat(22));
      answers.add(
          BROWSER
              .send(
                  request("/claim-pages/network/claims", "2001:db8:7:%x::1".formatted(i))
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .statusCode());
    }
    assertThat(answers.subList(0, 60)).containsOnly(404);
    assertThat(answers.get(60)).isEqualTo(429);
  }

  /** A thousand a second, as fast as they are answered, from as many addresses. */
  @Test
  void thousands_of_guesses_get_nobody_in_and_keep_no_owner_out() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> guesses = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < GUESSES; i++) {
      String from = "203.0.%d.%d".formatted(i / 250 % 250, i % 250 + 1);
      String body = wish("GUESS-%011d".formatted(i), "basic", "g".repeat(22));
      guesses.add(
          BROWSER.sendAsync(
              request("/claim-pages/things/claims", from)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
      if (i % 200 == 199) {
        CompletableFuture.allOf(guesses.toArray(CompletableFuture[]::new)).join();
      }
      if (i == GUESSES / 2) {
        assertThat(claim(somewhere(), wish(code(4), "more", "h".repeat(22))).statusCode())
            .isEqualTo(201);
      }
    }
    List<Integer> answers =
        guesses.stream().map(guess -> guess.join().statusCode()).distinct().toList();
    double perSecond = GUESSES / ((System.nanoTime() - begun) / 1e9);

    assertThat(answers).isSubsetOf(404, 429);
    assertThat(device(4).owner()).contains(RunningApi.PROVIDER);
    assertThat(device(5).owner()).isEmpty();
    Stream<String> acts = provider().get("/audit").body().findValuesAsText("action").stream();
    assertThat(acts.filter("device.claim"::equals).count()).as("%.0f/s", perSecond).isLessThan(20);
    assertThat(Optional.of(perSecond)).hasValueSatisfying(rate -> assertThat(rate).isPositive());
  }
}
