package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInIT {
  @TempDir Path folder;
  private RunningApi api;

  @BeforeEach
  void start() throws Exception {
    api = new RunningApi(folder, 1);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private Reply signIn(String code) throws Exception {
    return api.anonymous().post("/session", "{\"code\":\"" + code + "\"}");
  }

  private static String cookie(Reply reply) {
    return reply.response().headers().firstValue("Set-Cookie").orElseThrow();
  }

  private RunningApi.Caller browser(Reply signedIn) {
    return api.with(Map.of("Cookie", cookie(signedIn).split(";", 2)[0]));
  }

  @Test
  void a_code_signs_in_once_and_never_again() throws Exception {
    String code = api.first.oneTimeCode(Duration.ofMinutes(10));

    Reply first = signIn(code);
    Reply second = signIn(code);

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body().path("kind").asText()).isEqualTo("PLATFORM_OPERATOR");
    assertThat(second.status()).isEqualTo(401);
    assertThat(second.code()).isEqualTo("UNAUTHENTICATED");
    assertThat(second.text()).doesNotContain(code);
  }

  @Test
  void the_cookie_is_out_of_reach_of_scripts_and_other_sites() throws Exception {
    Reply reply = signIn(api.first.oneTimeCode(Duration.ofMinutes(10)));

    assertThat(cookie(reply)).contains("HttpOnly").contains("SameSite=Strict").contains("/api");
    assertThat(reply.text()).doesNotContain("fl_");
    assertThat(browser(reply).get("/session").status()).isEqualTo(200);
  }

  @Test
  void a_code_is_wanted_while_no_administrator_is_signed_in() throws Exception {
    assertThat(api.first.isMissing()).as("tokens of programs do not count").isTrue();

    signIn(api.first.oneTimeCode(Duration.ofMinutes(10)));

    assertThat(api.first.isMissing()).isFalse();
  }

  @Test
  void a_programs_token_takes_the_place_of_its_earlier_one() throws Exception {
    String earlier = api.first.apiToken("local commands");

    String later = api.first.apiToken("local commands");

    assertThat(api.with(Map.of("Authorization", "Bearer " + earlier)).get("/session").status())
        .isEqualTo(401);
    assertThat(api.with(Map.of("Authorization", "Bearer " + later)).get("/session").status())
        .isEqualTo(200);
  }

  @Test
  void a_code_ends_with_its_time() throws Exception {
    Clock yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
    String code =
        new FirstAdministrator(api.stores.records(), yesterday).oneTimeCode(Duration.ofMinutes(10));

    assertThat(signIn(code).status()).isEqualTo(401);
  }

  @Test
  void a_write_with_the_cookie_needs_the_sessions_csrf_value() throws Exception {
    Reply signedIn = signIn(api.first.oneTimeCode(Duration.ofMinutes(10)));
    String csrf = signedIn.body().path("csrf").asText();
    RunningApi.Caller browser = browser(signedIn);
    String wish = "{\"name\":\"script\"}";

    assertThat(browser.post("/tokens", wish).status()).isEqualTo(403);
    assertThat(browser.plus(Gate.CSRF_HEADER, "guess").post("/tokens", wish).status())
        .isEqualTo(403);
    assertThat(browser.plus(Gate.CSRF_HEADER, csrf).post("/tokens", wish).status()).isEqualTo(201);
  }

  @Test
  void after_signing_out_the_cookie_is_worth_nothing() throws Exception {
    Reply signedIn = signIn(api.first.oneTimeCode(Duration.ofMinutes(10)));
    RunningApi.Caller browser =
        browser(signedIn).plus(Gate.CSRF_HEADER, signedIn.body().path("csrf").asText());

    assertThat(browser.delete("/session").status()).isEqualTo(204);
    assertThat(browser.get("/devices").status()).isEqualTo(401);
  }

  @Test
  void guessing_ends_in_429_even_for_who_then_has_the_code() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(signIn("fl_aaaaaaaaaa_" + "A".repeat(43)).status()).isEqualTo(401);
    }
    Reply late = signIn(api.first.oneTimeCode(Duration.ofMinutes(10)));

    assertThat(late.status()).isEqualTo(429);
    assertThat(late.response().headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void while_Redis_is_away_the_answer_is_503_and_says_to_come_back() throws Exception {
    api.stopRedis();
    Reply reply = api.as(api.administrator).get("/devices");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.code()).isEqualTo("DEPENDENCY_UNAVAILABLE");
    assertThat(reply.response().headers().firstValue("Retry-After")).isPresent();
  }

  @Test
  void an_API_token_is_shown_once_and_stored_as_a_hash() throws Exception {
    Reply made = api.as(api.administrator).post("/tokens", "{\"name\":\"warehouse\"}");
    String token = made.body().path("token").asText();
    String secret = token.substring(token.indexOf('_', 3) + 1);

    assertThat(api.as(token).get("/session").status()).isEqualTo(200);
    assertThat(api.as(api.administrator).get("/tokens").text()).doesNotContain(secret);
    assertThat(api.state.listAll(Kinds.TOKEN, one -> true).toString()).doesNotContain(secret);

    String id = made.body().path("id").asText();
    assertThat(api.as(api.administrator).delete("/tokens/" + id).status()).isEqualTo(204);
    assertThat(api.as(token).get("/session").status()).isEqualTo(401);
  }

  @Test
  void a_code_is_no_token_and_a_token_no_code() throws Exception {
    String code = api.first.oneTimeCode(Duration.ofMinutes(10));

    assertThat(api.as(code).get("/session").status()).isEqualTo(401);
    assertThat(signIn(api.administrator).status()).isEqualTo(401);
    assertThat(signIn(code).status()).isEqualTo(200);
  }
}
