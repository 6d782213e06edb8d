package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.firstlight.dm.configuration.ConfigurationDocuments;
import org.firstlight.dm.configuration.ConfiguredSecrets;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that could not be read, as the platform's operator sees them. */
class SetAsideIT {
  /** What no release writes where a tenant should be. */
  record Foreign(String secret) {}

  private static final Kind<Foreign> BAD = new Kind<>(Kinds.TENANT.word(), Foreign.class, 1, true);
  private static final Kind<Foreign> NEWER =
      new Kind<>(
          Kinds.TENANT.word(), Foreign.class, 2, true, Optional.empty(), List.of(tree -> tree));

  @TempDir static Path folder;
  private static RunningApi api;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, 1);
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void what_cannot_be_read_is_listed_without_what_it_holds_and_can_be_discarded() throws Exception {
    Set<String> bad = new TreeSet<>();
    for (int i = 0; i < 30; i++) {
      bad.add("bad-%02d".formatted(i));
      store(BAD, "bad-%02d".formatted(i));
    }
    store(NEWER, "newer");
    Instant before = Instant.now().minusSeconds(5);
    api.state.listAll(Kinds.TENANT, one -> true);

    List<JsonNode> notes = new ArrayList<>();
    String next = "/set-aside?limit=7";
    while (!next.isEmpty()) {
      RunningApi.Reply page = api.as(api.administrator).get(next);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.text()).doesNotContain("hush");
      assertThat(page.body().path("items").size()).isLessThanOrEqualTo(7);
      page.body().path("items").forEach(notes::add);
      String cursor = page.body().path("next").asText("");
      next = cursor.isEmpty() ? "" : "/set-aside?limit=7&cursor=" + cursor;
    }
    Set<String> found = new HashSet<>();
    for (JsonNode note : notes) {
      assertThat(found.add(note.path("id").asText())).isTrue();
      assertThat(note.path("kind").asText()).isEqualTo("ten");
      assertThat(note.path("home").asText()).isEqualTo(note.path("id").asText());
      assertThat(note.path("reason").asText()).isNotBlank();
      assertThat(Instant.parse(note.path("at").asText())).isAfter(before);
      assertThat(note.path("moved").asBoolean())
          .isEqualTo(!note.path("id").asText().equals("newer"));
    }
    bad.add("newer");
    assertThat(found).isEqualTo(bad);

    String first = "/set-aside/" + notes.get(0).path("noteId").asText();
    assertThat(api.as(api.administrator).delete(first).status()).isEqualTo(204);
    assertThat(api.as(api.administrator).delete(first).status()).isEqualTo(404);
    assertThat(api.as(api.administrator).get("/set-aside?limit=500").body().path("items"))
        .hasSize(30);
  }

  @Test
  void what_was_set_aside_again_since_it_was_listed_is_not_discarded() throws Exception {
    store(BAD, "twice");
    api.state.find(Kinds.TENANT, "twice");
    String listed = noteOf("twice");
    api.state.commit(
        Change.in("twice").put(BAD, "twice", Change.ANY_VERSION, new Foreign("later")).build());
    api.state.find(Kinds.TENANT, "twice");

    assertThat(api.as(api.administrator).delete("/set-aside/" + listed).status()).isEqualTo(404);
    String now = noteOf("twice");
    assertThat(now).isNotEqualTo(listed);
    assertThat(api.as(api.administrator).delete("/set-aside/" + now).status()).isEqualTo(204);
  }

  private static String noteOf(String id) throws Exception {
    for (JsonNode note :
        api.as(api.administrator).get("/set-aside?limit=500").body().path("items")) {
      if (note.path("id").asText().equals(id)) {
        return note.path("noteId").asText();
      }
    }
    throw new AssertionError("there is no note of " + id);
  }

  @Test
  void damaged_record_of_written_secrets_shows_no_value() throws Exception {
    Kind<Foreign> damaged = new Kind<>(Kinds.WRITTEN_SECRETS.word(), Foreign.class, 1, false);
    String name = "urn:dev:damaged";
    store(damaged, name);
    ConfiguredSecrets secrets =
        new ConfiguredSecrets(
            api.stores.records(), new ConfigurationDocuments(api.stores.records()));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> BlockingState.await(secrets.of(new EndpointName(name))))
          .isInstanceOf(DependencyUnavailableException.class);
    }
    api.state.commit(Change.in(name).delete(damaged, name, Change.ANY_VERSION).build());
    assertThat(api.as(api.administrator).delete("/set-aside/" + noteOf(name)).status())
        .isEqualTo(204);
  }

  @Test
  void a_cursor_or_a_note_that_is_not_ours_is_refused() throws Exception {
    assertThat(api.as(api.administrator).get("/set-aside?cursor=!").status()).isEqualTo(400);
    assertThat(api.as(api.administrator).delete("/set-aside/nothing").status()).isEqualTo(404);
    assertThat(api.as(api.administrator).delete("/set-aside/a.b").status()).isEqualTo(404);
  }

  @Test
  void it_is_the_platform_operators_alone() throws Exception {
    for (String tenant : List.of(RunningApi.OPERATOR, RunningApi.PROVIDER, RunningApi.MAKER)) {
      assertThat(api.as(api.token(tenant)).get("/set-aside").status()).isEqualTo(403);
      assertThat(api.as(api.token(tenant)).delete("/set-aside/x").status()).isEqualTo(403);
    }
  }

  private static void store(Kind<Foreign> kind, String id) {
    api.state.commit(Change.in(id).put(kind, id, 0, new Foreign("hush")).build());
  }
}
