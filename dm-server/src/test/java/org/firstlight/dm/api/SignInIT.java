package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.tenant.Role;
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

  private static Optional<String> newCookie(Reply reply) {
    return reply.response().headers().firstValue("Set-Cookie").map(text -> text.split(";", 2)[0]);
  }

  private Reply session(String cookie) throws Exception {
    return api.with(Map.of("Cookie", cookie)).get("/session");
  }

  @Test
  void the_cookie_changes_now_and_then_and_what_a_page_shows_stays() throws Exception {
    Reply signedIn = signIn(api.first.oneTimeCode(Duration.ofMinutes(10)));
    String first = newCookie(signedIn).orElseThrow();
    assertThat(newCookie(session(first))).isEmpty();

    api.clock.forward(Duration.ofMinutes(31));
    Reply renewed = session(first);
    String second = newCookie(renewed).orElseThrow();

    assertThat(second).isNotEqualTo(first);
    assertThat(cookie(renewed)).contains("HttpOnly").contains("SameSite=Strict").contains("/api");
    assertThat(renewed.body().path("csrf")).isEqualTo(signedIn.body().path("csrf"));
    assertThat(newCookie(session(second))).isEmpty();
    Reply written =
        api.with(Map.of("Cookie", second))
            .plus(Gate.CSRF_HEADER, signedIn.body().path("csrf").asText())
            .post("/tokens", "{\"name\":\"script\"}");
    assertThat(written.status()).isEqualTo(201);
    assertThat(api.as(api.administrator).get("/sessions").body().path("items"))
        .as("it is one session still")
        .hasSize(1);
  }

  @Test
  void requests_that_cross_get_the_same_new_cookie_and_a_lost_answer_is_given_again()
      throws Exception {
    String first = newCookie(signIn(api.first.oneTimeCode(Duration.ofMinutes(10)))).orElseThrow();
    api.clock.forward(Duration.ofMinutes(31));

    Set<Optional<String>> given =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(i -> newCookie(assertDoesNotThrow(() -> session(first))))
            .collect(Collectors.toSet());
    api.clock.forward(Duration.ofMinutes(20));
    given.add(newCookie(session(first)));

    assertThat(given).hasSize(1).doesNotContain(Optional.empty());
    assertThat(session(given.iterator().next().orElseThrow()).status()).isEqualTo(200);
    assertThat(session(first).status()).as("crosses still").isEqualTo(200);
  }

  @Test
  void who_comes_with_a_cookie_that_was_replaced_has_a_copy_and_ends_the_session()
      throws Exception {
    String first = newCookie(signIn(api.first.oneTimeCode(Duration.ofMinutes(10)))).orElseThrow();
    api.clock.forward(Duration.ofMinutes(31));
    String second = newCookie(session(first)).orElseThrow();
    assertThat(session(second).status()).isEqualTo(200);
    api.clock.forward(Duration.ofMinutes(2));
    assertThat(session(second).status()).isEqualTo(200);

    assertThat(session(first).status()).isEqualTo(401);

    assertThat(session(second).status())
        .as("nobody knows which of the two is whose")
        .isEqualTo(401);
  }

  @Test
  void a_session_that_a_token_opened_ends_with_it() throws Exception {
    Reply made = api.as(api.administrator).post("/tokens", "{\"name\":\"leaked\"}");
    String token = made.body().path("token").asText();
    String cookie =
        newCookie(api.anonymous().post("/session", "{\"token\":\"" + token + "\"}")).orElseThrow();
    assertThat(session(cookie).status()).isEqualTo(200);

    String version = made.response().headers().firstValue("ETag").orElseThrow();
    assertThat(
            api.as(api.administrator)
                .plus("If-Match", version)
                .delete("/tokens/" + made.body().path("id").asText())
                .status())
        .isEqualTo(204);
    assertThat(session(cookie).status()).isEqualTo(401);
  }

  @Test
  void a_user_makes_no_tokens_and_no_password_by_a_token_of_its_own() throws Exception {
    String token = api.userToken(RunningApi.PROVIDER, "eve@example.com", Role.ADMINISTRATOR);
    Reply opened = api.anonymous().post("/session", "{\"token\":\"" + token + "\"}");
    RunningApi.Caller browser =
        api.with(Map.of("Cookie", newCookie(opened).orElseThrow()))
            .plus(Gate.CSRF_HEADER, opened.body().path("csrf").asText());

    assertThat(browser.post("/tokens", "{\"name\":\"endless\"}").status()).isEqualTo(409);
    assertThat(browser.put("/account/password", "{\"password\":\"seven brown foxes\"}").status())
        .isEqualTo(409);
  }

  @Test
  void a_code_that_an_administrator_made_ends_with_its_makers_role_and_so_does_its_session()
      throws Exception {
    String name = "mallory@example.com";
    api.userToken(RunningApi.PROVIDER, name, Role.ADMINISTRATOR);
    Reply invited =
        api.as(api.administrator).post("/users/" + RunningApi.path(name) + "/invitation", "");
    Reply mallory = signIn(invited.body().path("code").asText());
    RunningApi.Caller browser =
        browser(mallory).plus(Gate.CSRF_HEADER, mallory.body().path("csrf").asText());
    String wish = "{\"name\":\"way back\",\"use\":\"SIGN_IN\"}";
    String used = browser.post("/tokens", wish).body().path("token").asText();
    String kept = browser.post("/tokens", wish).body().path("token").asText();
    String cookie = newCookie(signIn(used)).orElseThrow();
    assertThat(session(cookie).status()).isEqualTo(200);

    RunningApi.Caller admin = api.as(api.administrator);
    String path = "/users/" + RunningApi.path(name);
    String etag = admin.get(path).response().headers().firstValue("ETag").orElseThrow();
    assertThat(
            admin
                .plus("If-Match", etag)
                .put(path, "{\"displayName\":\"M\",\"role\":\"VIEWER\",\"state\":\"ACTIVE\"}")
                .status())
        .isEqualTo(200);

    assertThat(session(cookie).status()).isEqualTo(401);
    assertThat(signIn(kept).status()).isEqualTo(401);
  }

  @Test
  void what_a_tenant_left_behind_is_worth_nothing_while_it_is_gone_and_when_it_comes_again()
      throws Exception {
    String token = api.token(RunningApi.PROVIDER);
    // as if the deletion had died in the middle
    api.state.commit(
        Change.in(RunningApi.PROVIDER)
            .delete(Kinds.TENANT, RunningApi.PROVIDER, Change.ANY_VERSION)
            .build());
    assertThat(api.as(token).get("/session").status()).isEqualTo(401);

    assertThat(
            api.as(api.administrator)
                .put(
                    "/tenants/" + RunningApi.PROVIDER,
                    "{\"name\":\"Another\",\"kind\":\"SERVICE_PROVIDER\"}")
                .status())
        .isEqualTo(200);
    assertThat(api.as(token).get("/session").status()).isEqualTo(401);
  }

  @Test
  void a_script_that_signs_in_over_and_over_keeps_thirty_sessions() throws Exception {
    String token = api.token(RunningApi.PROVIDER);
    for (int i = 0; i < 33; i++) {
      api.anonymous().post("/session", "{\"token\":\"" + token + "\"}");
    }
    assertThat(api.as(token).get("/sessions").body().path("items")).hasSize(30);
  }

  @Test
  void a_session_that_nobody_uses_ends() throws Exception {
    String cookie = newCookie(signIn(api.first.oneTimeCode(Duration.ofMinutes(10)))).orElseThrow();
    api.clock.forward(Duration.ofHours(5));
    assertThat(session(cookie).status()).isEqualTo(401);
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
