package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.firstlight.dm.access.Permission;
import org.firstlight.fleet.tenant.Tenant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** openapi.yaml and the routes say the same. */
class OpenApiIT {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  private static final String TABLE_BEGINS = "<!-- permissions -->";
  private static final String TABLE_ENDS = "<!-- end of permissions -->";

  @TempDir static Path folder;
  private static RunningApi api;
  private static JsonNode description;

  @BeforeAll
  static void start() throws Exception {
    api = new RunningApi(folder, 1);
    description = new YAMLMapper().readTree(Api.description());
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  private static Map<String, JsonNode> described() {
    Map<String, JsonNode> operations = new TreeMap<>();
    description
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(operation -> METHODS.contains(operation.getKey()))
                    .forEach(
                        operation ->
                            operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue())));
    return operations;
  }

  private static String key(Route route) {
    return route.method().name() + " " + route.path();
  }

  @Test
  void every_route_is_described_and_every_description_is_served() {
    Set<String> served =
        api.table().stream().map(OpenApiIT::key).collect(Collectors.toCollection(TreeSet::new));
    assertThat(described().keySet()).isEqualTo(served);
    assertThat(served).hasSameSizeAs(api.table());
  }

  @Test
  void the_description_names_the_roles_that_each_route_takes() {
    Map<String, JsonNode> described = described();
    for (Route route : api.table()) {
      Set<String> roles = new TreeSet<>();
      described.get(key(route)).path("x-roles").forEach(role -> roles.add(role.asText()));
      Set<String> taken =
          route.permission() == Permission.SIGN_IN
              ? Set.of("ANYONE")
              : route.permission().kinds().stream()
                  .map(Enum::name)
                  .collect(Collectors.toCollection(TreeSet::new));
      assertThat(roles).as(key(route)).isEqualTo(taken);
    }
  }

  /** Written anew by {@code -Dfirstlight.write-docs=true}. */
  @Test
  void the_docs_show_who_may_use_which_route() throws Exception {
    Path page = Path.of("..", "docs", "security.md");
    String text = Files.readString(page);
    int begin = text.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length();
    int end = text.indexOf(TABLE_ENDS);
    assertThat(end).as("the marks of the table").isGreaterThan(begin);
    if (Boolean.getBoolean("firstlight.write-docs")) {
      Files.writeString(page, text.substring(0, begin) + table() + text.substring(end));
      return;
    }
    assertThat(text.substring(begin, end)).isEqualTo(table());
  }

  private static String table() {
    List<Tenant.Kind> kinds = List.of(Tenant.Kind.values());
    StringBuilder table = new StringBuilder("\n| permission | routes | least role |");
    kinds.forEach(kind -> table.append(" %s |".formatted(words(kind.name()))));
    table.append("\n|---|---|---|").append(":---:|".repeat(kinds.size())).append('\n');
    for (Permission permission : Permission.values()) {
      String routes =
          api.table().stream()
              .filter(route -> route.permission() == permission)
              .map(route -> "`%s`".formatted(key(route)))
              .collect(Collectors.joining(", "));
      assertThat(routes).as("routes of " + permission).isNotEmpty();
      table.append(
          "| %s | %s | %s |"
              .formatted(words(permission.name()), routes, words(permission.least().name())));
      for (Tenant.Kind kind : kinds) {
        boolean has = permission == Permission.SIGN_IN || permission.kinds().contains(kind);
        table.append(has ? " yes |" : " |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static String words(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  @Test
  void every_write_is_audited() {
    assertThat(api.table())
        .filteredOn(route -> !route.method().name().equals("GET"))
        .filteredOn(route -> route.permission() != Permission.SIGN_IN)
        .allSatisfy(route -> assertThat(route.action()).as(key(route)).isNotEmpty());
  }

  @Test
  void nothing_is_served_to_strangers_but_the_sign_in() throws Exception {
    for (Route route : api.table()) {
      if (route.permission() != Permission.SIGN_IN) {
        String path = route.path().replaceAll("\\{[a-zA-Z]+}", "1");
        RunningApi.Reply reply =
            api.anonymous().send(route.method().name(), path, "{}", "application/json");
        assertThat(reply.status()).as(key(route)).isEqualTo(401);
        assertThat(reply.code()).isEqualTo("UNAUTHENTICATED");
      }
    }
  }

  @Test
  void every_reference_in_the_description_leads_somewhere() {
    description
        .findValuesAsText("$ref")
        .forEach(
            reference ->
                assertThat(description.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse());
  }

  @Test
  void the_description_is_served_too() throws Exception {
    RunningApi.Reply reply = api.anonymous().getRoot("/openapi.yaml");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).startsWith("openapi: 3.1.0");
  }
}
