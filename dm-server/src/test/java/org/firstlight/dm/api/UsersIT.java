package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.dm.api.RunningApi.Reply;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People: invited, signed in, narrowed, shut out, and kept apart from other tenants' people. */
class UsersIT {
  private static final String PASSWORD = "seven brown foxes";

  @TempDir static Path folder;
  private static RunningApi api;
  private static final AtomicInteger COUNT = new AtomicInteger();

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, 1);
    api.ship();
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  /** A browser: it keeps its cookies, and shows the csrf value of its session. */
  private static final class Browser {
    private final Map<String, String> cookies = new HashMap<>();
    private String csrf = "";

    Reply signIn(String name, String password) throws Exception {
      return taken(
          caller()
              .post("/session", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password)));
    }

    Reply code(String code) throws Exception {
      return taken(caller().post("/session", "{\"code\":\"%s\"}".formatted(code)));
    }

    Reply choose(String body) throws Exception {
      return taken(caller().put("/account/password", body));
    }

    Reply taken(Reply reply) {
      for (String cookie : reply.response().headers().allValues("Set-Cookie")) {
        String[] pair = cookie.split(";", 2)[0].split("=", 2);
        cookies.put(pair[0], pair[1]);
      }
      if (reply.body().has("csrf")) {
        csrf = reply.body().path("csrf").asText();
      }
      return reply;
    }

    RunningApi.Caller caller() {
      List<String> all = new ArrayList<>();
      cookies.forEach((name, value) -> all.add(name + "=" + value));
      RunningApi.Caller plain = api.anonymous();
      RunningApi.Caller known =
          all.isEmpty() ? plain : plain.plus("Cookie", String.join("; ", all));
      return csrf.isEmpty() ? known : known.plus(Gate.CSRF_HEADER, csrf);
    }

    int status() throws Exception {
      return caller().get("/session").status();
    }
  }

  private static RunningApi.Caller administrator(String tenant) {
    return api.as(api.token(tenant));
  }

  /** A user who has chosen its password, with the browser that it did so in. */
  private record Person(String name, Browser browser) {
    String path() {
      return "/users/" + RunningApi.path(name);
    }
  }

  private static Person person(String tenant, Role role) throws Exception {
    String name = "person" + COUNT.incrementAndGet() + "@example.com";
    Person person = new Person(name, new Browser());
    put(tenant, name, role, "ACTIVE", null);
    Reply invitation = administrator(tenant).post(person.path() + "/invitation", "");
    assertThat(invitation.status()).as(invitation.text()).isEqualTo(201);
    assertThat(person.browser.code(invitation.body().path("code").asText()).status())
        .isEqualTo(200);
    Reply chosen = person.browser.choose("{\"password\":\"" + PASSWORD + "\"}");
    assertThat(chosen.status()).as(chosen.text()).isEqualTo(200);
    return person;
  }

  private static Reply put(
      String tenant, String name, Role role, String state, @Nullable String etag) throws Exception {
    RunningApi.Caller caller = administrator(tenant);
    return (etag == null ? caller : caller.plus("If-Match", etag))
        .put(
            "/users/" + RunningApi.path(name),
            "{\"displayName\":\"Person\",\"role\":\"%s\",\"state\":\"%s\"}".formatted(role, state));
  }

  private static String etag(String tenant, Person person) throws Exception {
    return administrator(tenant)
        .get(person.path())
        .response()
        .headers()
        .firstValue("ETag")
        .orElseThrow();
  }

  @Test
  void invited_user_chooses_a_password_and_signs_in_with_it() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.OPERATOR);
    Browser other = new Browser();
    Reply signedIn = other.signIn(anna.name.toUpperCase(Locale.ROOT), PASSWORD);

    assertThat(signedIn.status()).isEqualTo(200);
    assertThat(signedIn.body().path("user").asText()).isEqualTo(anna.name);
    assertThat(signedIn.body().path("role").asText()).isEqualTo("OPERATOR");
    assertThat(signedIn.body().path("tenant").asText()).isEqualTo(RunningApi.PROVIDER);
    assertThat(signedIn.response().headers().allValues("Set-Cookie"))
        .hasSize(2)
        .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict"));
    assertThat(other.status()).isEqualTo(200);
    String stored = api.state.find(Kinds.USER, anna.name).orElseThrow().value().password().get();
    assertThat(stored).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(administrator(RunningApi.PROVIDER).get(anna.path()).text())
        .doesNotContain("argon2")
        .contains("\"hasPassword\":true");
  }

  @Test
  void wrong_name_and_wrong_password_are_answered_alike() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.VIEWER);
    Reply wrong = new Browser().signIn(anna.name, "not her password");
    Reply unknown = new Browser().signIn("nobody@example.com", "not her password");
    Reply odd = new Browser().signIn("*", "not her password");

    assertThat(wrong.status()).isEqualTo(401);
    assertThat(unknown.text()).isEqualTo(wrong.text());
    assertThat(odd.text()).isEqualTo(wrong.text());
    assertThat(anna.browser.signIn(anna.name, PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void passwords_that_are_no_good_are_refused_with_the_reason() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.VIEWER);
    for (String bad : List.of("short", "x".repeat(129), "aaaaaaaaaaaaaaaa", anna.name)) {
      Reply reply =
          anna.browser.choose(
              "{\"oldPassword\":\"%s\",\"password\":\"%s\"}".formatted(PASSWORD, bad));
      assertThat(reply.status()).as(bad).isEqualTo(400);
      assertThat(reply.detail()).startsWith("password:").doesNotContain(bad);
    }
    Reply without = anna.browser.choose("{\"password\":\"another good one\"}");
    assertThat(without.status()).isEqualTo(400);
    Reply wrong =
        anna.browser.choose("{\"oldPassword\":\"guessed it\",\"password\":\"another good one\"}");
    assertThat(wrong.status()).isEqualTo(403);
  }

  @Test
  void a_session_from_before_the_sign_in_is_not_the_one_after_it() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.VIEWER);
    Browser attacked = new Browser();
    attacked.cookies.put(Gate.COOKIE, "fl_aaaaaaaaaa_" + "A".repeat(43));
    attacked.cookies.put(SessionRoutes.BROWSER_COOKIE, "set-by-another");
    String planted = attacked.cookies.get(Gate.COOKIE);

    assertThat(attacked.signIn(anna.name, PASSWORD).status()).isEqualTo(200);

    assertThat(attacked.cookies.get(Gate.COOKIE)).isNotEqualTo(planted);
    assertThat(attacked.cookies.get(SessionRoutes.BROWSER_COOKIE)).isNotEqualTo("set-by-another");
    assertThat(api.anonymous().plus("Cookie", Gate.COOKIE + "=" + planted).get("/session").status())
        .isEqualTo(401);
  }

  @Test
  void changing_the_password_ends_every_other_session() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.VIEWER);
    Browser other = new Browser();
    other.signIn(anna.name, PASSWORD);
    String before = anna.browser.cookies.get(Gate.COOKIE);

    Reply changed =
        anna.browser.choose(
            "{\"oldPassword\":\"%s\",\"password\":\"nine green foxes\"}".formatted(PASSWORD));

    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(other.status()).isEqualTo(401);
    assertThat(anna.browser.status()).isEqualTo(200);
    assertThat(anna.browser.cookies.get(Gate.COOKIE)).isNotEqualTo(before);
    assertThat(new Browser().signIn(anna.name, PASSWORD).status()).isEqualTo(401);
    assertThat(new Browser().signIn(anna.name, "nine green foxes").status()).isEqualTo(200);
  }

  @Test
  void sessions_are_listed_with_their_place_and_ended_one_by_one() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.VIEWER);
    Browser other = new Browser();
    other.signIn(anna.name, PASSWORD);
    Person bert = person(RunningApi.PROVIDER, Role.VIEWER);

    JsonNode items = anna.browser.caller().get("/sessions").body().path("items");
    assertThat(items.findValuesAsText("user")).containsOnly(anna.name).hasSize(2);
    assertThat(items.findValuesAsText("address")).containsOnly("127.0.0.1");
    assertThat(items.findValuesAsText("browser")).allSatisfy(b -> assertThat(b).contains("Java"));

    for (JsonNode item : items) {
      String path = "/sessions/" + item.path("id").asText();
      assertThat(bert.browser.caller().delete(path).status()).isEqualTo(404);
      if (!item.path("current").asBoolean()) {
        assertThat(anna.browser.caller().delete(path).status()).isEqualTo(204);
      }
    }
    assertThat(other.status()).isEqualTo(401);
    assertThat(anna.browser.status()).isEqualTo(200);
  }

  @Test
  void administrator_signs_a_user_out_everywhere() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.OPERATOR);
    assertThat(administrator(RunningApi.PROVIDER).delete(anna.path() + "/sessions").status())
        .isEqualTo(204);
    assertThat(anna.browser.status()).isEqualTo(401);
    assertThat(anna.browser.signIn(anna.name, PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void disabled_user_is_out_at_once_with_its_tokens_and_its_stream() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.OPERATOR);
    String token =
        anna.browser
            .caller()
            .post("/tokens", "{\"name\":\"script\"}")
            .body()
            .path("token")
            .asText();
    assertThat(api.as(token).get("/devices").status()).isEqualTo(200);
    CompletableFuture<Integer> stream = streamUntilItEnds(token);

    assertThat(
            put(
                    RunningApi.PROVIDER,
                    anna.name,
                    Role.OPERATOR,
                    "DISABLED",
                    etag(RunningApi.PROVIDER, anna))
                .status())
        .isEqualTo(200);

    assertThat(anna.browser.status()).isEqualTo(401);
    assertThat(api.as(token).get("/devices").status()).isEqualTo(401);
    assertThat(new Browser().signIn(anna.name, PASSWORD).status()).isEqualTo(401);
    await().atMost(Duration.ofSeconds(5)).until(stream::isDone);

    put(RunningApi.PROVIDER, anna.name, Role.OPERATOR, "ACTIVE", etag(RunningApi.PROVIDER, anna));
    assertThat(anna.browser.status()).as("what has ended stays so").isEqualTo(401);
    assertThat(api.as(token).get("/devices").status()).isEqualTo(200);
  }

  private static CompletableFuture<Integer> streamUntilItEnds(String token) throws Exception {
    HttpResponse<InputStream> stream =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(api.uri("/events"))
                    .header("Authorization", "Bearer " + token)
                    .header("Accept", "text/event-stream")
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(stream.statusCode()).isEqualTo(200);
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream in = stream.body()) {
            return in.readAllBytes().length;
          } catch (IOException ended) {
            return -1;
          }
        });
  }

  @Test
  void a_users_token_is_worth_what_its_user_is_at_that_moment() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.OPERATOR);
    String token =
        anna.browser
            .caller()
            .post("/tokens", "{\"name\":\"script\"}")
            .body()
            .path("token")
            .asText();
    String configuration = "/configurations/none-such";
    assertThat(api.as(token).delete(configuration).status()).isEqualTo(404);

    put(RunningApi.PROVIDER, anna.name, Role.VIEWER, "ACTIVE", etag(RunningApi.PROVIDER, anna));

    assertThat(api.as(token).delete(configuration).status()).isEqualTo(403);
    assertThat(api.as(token).get("/devices").status()).isEqualTo(200);
    assertThat(anna.browser.status()).as("another role is another session").isEqualTo(401);

    assertThat(administrator(RunningApi.PROVIDER).delete(anna.path()).status()).isEqualTo(204);
    assertThat(api.as(token).get("/devices").status()).isEqualTo(401);

    put(RunningApi.PROVIDER, anna.name, Role.ADMINISTRATOR, "ACTIVE", null);
    assertThat(api.as(token).get("/devices").status())
        .as("who gets the name later does not get the token")
        .isEqualTo(401);
    assertThat(new Browser().signIn(anna.name, PASSWORD).status()).isEqualTo(401);
  }

  @Test
  void a_token_is_narrowed_to_its_scopes_and_makes_no_other() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.OPERATOR);
    RunningApi.Caller browser = anna.browser.caller();
    Reply made =
        browser.post(
            "/tokens",
            "{\"name\":\"reader\",\"scopes\":[\"SEE_DEVICES\"],\"expiresInSeconds\":3600}");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.body().path("user").asText()).isEqualTo(anna.name);
    RunningApi.Caller reader = api.as(made.body().path("token").asText());

    assertThat(reader.get("/devices").status()).isEqualTo(200);
    for (Route route : api.table()) {
      boolean within =
          List.of("SIGN_IN", "OWN_SESSION", "SEE_DEVICES").contains(route.permission().name());
      if (!within) {
        String path = route.path().replaceAll("\\{[a-zA-Z]+}", "no-such");
        assertThat(reader.send(route.method().name(), path, "{}", "application/json").status())
            .as(route.toString())
            .isEqualTo(403);
      }
    }
    Browser exchanged = new Browser();
    exchanged.taken(
        api.anonymous()
            .post("/session", "{\"token\":\"" + made.body().path("token").asText() + "\"}"));
    assertThat(exchanged.caller().get("/configurations").status())
        .as("a session of a narrow token is as narrow")
        .isEqualTo(403);

    for (String more : List.of("MANAGE_USERS", "OWN_TOKENS", "EDIT_TENANTS", "NONSENSE")) {
      assertThat(browser.post("/tokens", "{\"name\":\"x\",\"scopes\":[\"" + more + "\"]}").status())
          .as(more)
          .isEqualTo(400);
    }
    assertThat(browser.post("/tokens", "{\"name\":\"x\",\"use\":\"SIGN_IN\"}").status())
        .as("a code is the tenant's administrator")
        .isEqualTo(403);
    assertThat(
            browser
                .post("/tokens", "{\"name\":\"x\",\"tenant\":\"" + RunningApi.MAKER + "\"}")
                .status())
        .isEqualTo(403);
  }

  @Test
  void people_of_other_tenants_do_not_exist() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.VIEWER);
    RunningApi.Caller foreign = administrator(RunningApi.OTHER_PROVIDER);
    String none = "/users/no-such";

    assertThat(foreign.get("/users").text()).doesNotContain(anna.name);
    assertThat(foreign.get("/sessions").text()).doesNotContain(anna.name);
    assertThat(foreign.get(anna.path()).text()).isEqualTo(foreign.get(none).text());
    assertThat(foreign.delete(anna.path()).text()).isEqualTo(foreign.delete(none).text());
    assertThat(foreign.post(anna.path() + "/invitation", "").text())
        .isEqualTo(foreign.post(none + "/invitation", "").text());
    assertThat(foreign.delete(anna.path() + "/sessions").status()).isEqualTo(404);
    assertThat(put(RunningApi.OTHER_PROVIDER, anna.name, Role.VIEWER, "ACTIVE", null).status())
        .isEqualTo(409);
    Reply lent =
        foreign.put(
            "/users/lent",
            "{\"displayName\":\"x\",\"role\":\"VIEWER\",\"tenant\":\"%s\"}"
                .formatted(RunningApi.PROVIDER));
    assertThat(lent.status()).isEqualTo(403);
    assertThat(anna.browser.status()).isEqualTo(200);
  }

  @Test
  void nobody_takes_away_its_own_power() throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.ADMINISTRATOR);
    RunningApi.Caller self = anna.browser.caller();
    String body = "{\"displayName\":\"Anna\",\"role\":\"VIEWER\"}";

    assertThat(
            self.plus("If-Match", etag(RunningApi.PROVIDER, anna)).put(anna.path(), body).status())
        .isEqualTo(409);
    assertThat(self.delete(anna.path()).status()).isEqualTo(409);
    assertThat(self.post(anna.path() + "/invitation", "").status()).isEqualTo(409);
    assertThat(self.get("/users").body().path("items").findValuesAsText("id")).contains(anna.name);
  }

  @Test
  void every_write_from_another_page_is_refused() throws Exception {
    Person anna = person(PLATFORM, Role.ADMINISTRATOR);
    String cookie = Gate.COOKIE + "=" + anna.browser.cookies.get(Gate.COOKIE);
    RunningApi.Caller foreign =
        api.anonymous().plus("Cookie", cookie).plus("Origin", "https://evil.example");
    int asked = 0;
    for (Route route : api.table()) {
      if (route.method().name().equals("GET")
          || route.permission().name().equals("SIGN_IN")
          || !route.permission().kinds().contains(Tenant.Kind.PLATFORM_OPERATOR)) {
        continue;
      }
      String path = route.path().replaceAll("\\{[a-zA-Z]+}", "no-such");
      for (RunningApi.Caller caller : List.of(foreign, foreign.plus(Gate.CSRF_HEADER, "guess"))) {
        Reply reply = caller.send(route.method().name(), path, "{}", "application/json");
        assertThat(reply.status()).as(route.toString()).isEqualTo(403);
        assertThat(reply.detail()).startsWith(Gate.CSRF_HEADER);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(40);
    assertThat(anna.browser.status()).isEqualTo(200);
  }

  private static final String PLATFORM = Tenant.PLATFORM;

  @Test
  void the_audit_names_the_user_and_tells_refused_sign_ins_without_what_was_typed()
      throws Exception {
    Person anna = person(RunningApi.PROVIDER, Role.OPERATOR);
    anna.browser.caller().post("/tokens", "{\"name\":\"audited\"}");
    new Browser().signIn(anna.name, "a wrong password");
    new Browser().signIn("My-Secret-Password-1", "oops");

    String own = administrator(RunningApi.PROVIDER).get("/audit?limit=500").text();
    assertThat(own).contains("\"user\":\"" + anna.name + "\"").contains("token.create");
    assertThat(
            administrator(RunningApi.PROVIDER)
                .get("/audit?limit=500&target=" + RunningApi.path(anna.name))
                .body()
                .path("items")
                .findValuesAsText("result"))
        .contains("UNAUTHENTICATED");
    String all = api.as(api.administrator).get("/audit?limit=500").text();
    assertThat(all.toLowerCase(Locale.ROOT)).doesNotContain("my-secret");
    assertThat(administrator(RunningApi.OTHER_PROVIDER).get("/audit?limit=500").text())
        .doesNotContain(anna.name);
  }

  @Test
  void owner_and_maker_see_what_others_did_to_their_device_and_not_who_it_was() throws Exception {
    api.claim(0, RunningApi.PROVIDER);
    String path = "/devices/" + RunningApi.path(api.name(0));
    api.as(api.administrator).put(path + "/revocation", "{\"reason\":\"lost\"}");
    api.as(api.administrator).delete(path + "/revocation");
    api.as(api.administrator)
        .post(path + "/operations", "{\"operation\":\"read\",\"path\":\"/3/0\"}");
    administrator(RunningApi.PROVIDER).delete("/claims/" + RunningApi.path(api.name(0)));
    api.as(api.administrator).put(path + "/revocation", "{\"reason\":\"later\"}");
    assertThat(
            administrator(RunningApi.OTHER_PROVIDER)
                .post(path + "/operations", "{\"operation\":\"read\",\"path\":\"/3/0\"}")
                .status())
        .isEqualTo(404);

    JsonNode owner = acts(RunningApi.PROVIDER);
    assertThat(owner.findValuesAsText("action"))
        .as("nothing after it has let go")
        .containsExactly(
            "device.release", "device.operate", "device.restore", "device.revoke", "device.claim");
    for (JsonNode act : owner) {
      boolean other = act.path("tenant").asText().equals(PLATFORM);
      assertThat(act.has("principal")).as(act.toString()).isEqualTo(!other);
      assertThat(act.has("from")).isEqualTo(!other);
    }
    assertThat(acts(RunningApi.MAKER).findValuesAsText("action"))
        .as("nothing of what becomes of it after the sale")
        .containsExactly("device.revoke", "device.restore", "device.revoke");
    assertThat(acts(RunningApi.OTHER_PROVIDER).findValuesAsText("result"))
        .as("its own try, which is nobody else's to see")
        .containsExactly("NOT_FOUND");
  }

  private static JsonNode acts(String tenant) throws Exception {
    ArrayNode acts = RunningApi.JSON.createArrayNode();
    for (JsonNode act : administrator(tenant).get("/audit?limit=500").body().path("items")) {
      if (act.path("target").asText().startsWith(api.name(0))) {
        acts.add(act);
      }
    }
    return acts;
  }
}
