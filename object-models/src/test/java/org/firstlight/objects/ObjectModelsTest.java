package org.firstlight.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.objects.CheckResult.Ok;
import org.firstlight.objects.CheckResult.Violation;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ObjectVersion;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Flag;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;
import org.junit.jupiter.api.Test;

class ObjectModelsTest {
  private final ObjectModels models = ObjectModels.builtIn();

  @Test
  void core_and_onboarding_objects_are_built_in() {
    assertThat(models.all().stream().map(ObjectDefinition::id).distinct())
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 13, 19, 21, 27, 504, 505, 3443, 10479);
  }

  @Test
  void newest_version_counts_where_none_is_named() {
    assertThat(models.find(3).orElseThrow().version()).isEqualTo(new ObjectVersion(1, 2));
    assertThat(models.find(3, Optional.of(ObjectVersion.DEFAULT)).orElseThrow().version())
        .isEqualTo(ObjectVersion.DEFAULT);
    assertThat(models.find(3, Optional.of(new ObjectVersion(9, 9)))).isEmpty();
    assertThat(models.find(4711)).isEmpty();
  }

  @Test
  void device_is_read_by_the_versions_that_it_names() {
    ObjectModels spoken =
        models.forDevice(
            Map.of(
                3, ObjectVersion.DEFAULT,
                10, ObjectVersion.DEFAULT,
                5, new ObjectVersion(2, 0)));
    assertThat(spoken.find(3).orElseThrow().version()).isEqualTo(ObjectVersion.DEFAULT);
    assertThat(spoken.find(10).orElseThrow().version())
        .as("the nearest known of the same major version")
        .isEqualTo(new ObjectVersion(1, 1));
    assertThat(spoken.find(5)).as("an unknown major version is not guessed").isEmpty();
    assertThat(spoken.find(505)).isPresent();
  }

  @Test
  void value_of_the_right_type_and_range_is_taken() {
    assertTaken("/13/0/6", new Text("00101,00102"));
    assertTaken("/13/0/7", new Flag(true));
    assertTaken("/10/0/13", new Unsigned(255));
    assertTaken("/11/3/8", new Many(Map.of(0, new Text("001,01"))));
    assertTaken("/11/3/8/0", new Text("001,01"));
    assertTaken("/505/0/26241", new Bytes(new byte[] {1}));
    assertTaken("/13/0/0", new Many(Map.of()));
  }

  @Test
  void each_rule_is_named_with_the_path() {
    assertRefused("/3", new Text("x"), Rule.PATH);
    assertRefused("/4711/0/0", new Text("x"), Rule.UNKNOWN_OBJECT);
    assertRefused("/13/0/99", new Text("x"), Rule.UNKNOWN_RESOURCE);
    assertRefused("/13/1/6", new Text("x"), Rule.MULTIPLICITY);
    assertRefused("/13/0/6/0", new Text("x"), Rule.MULTIPLICITY);
    assertRefused("/13/0/0", new Whole(1), Rule.MULTIPLICITY);
    assertRefused("/13/0/6", new Many(Map.of(0, new Text("x"))), Rule.MULTIPLICITY);
    assertRefused("/13/0/6", new Whole(1), Rule.TYPE);
    assertRefused("/505/0/5", new Text("x"), Rule.TYPE);
    assertRefused("/13/0/1", new Whole(-47), Rule.RANGE);
    assertRefused("/13/0/0", new Many(Map.of(0, new Whole(1), 1, new Whole(101))), Rule.RANGE);
    assertRefused("/505/0/4", new Text("x".repeat(256)), Rule.RANGE);
  }

  @Test
  void violation_shows_numbers_and_lengths_but_no_content() {
    assertThat(violation("/13/0/1", new Whole(-47)).message())
        .isEqualTo("/13/0/1: \"Acceptable RSSI (GSM)\": -47 is outside -110..-48");
    assertThat(violation("/505/0/4", new Text("secret".repeat(60))).message())
        .contains("a length of 360 is outside 0..255")
        .doesNotContain("secret");
    assertThat(
            models.parse(LwM2mPath.parse("/505/0/3"), "secret").violation().orElseThrow().message())
        .doesNotContain("secret");
  }

  @Test
  void operations_bind_a_server_and_not_the_bootstrap_server() {
    LwM2mPath state = LwM2mPath.parse("/505/0/6");
    assertThat(models.check(state, new Whole(0))).isInstanceOf(Ok.class);
    assertThat(models.checkWrite(state, new Whole(0)).violation().orElseThrow().rule())
        .isEqualTo(Rule.OPERATIONS);
    assertThat(models.checkWrite(LwM2mPath.parse("/505/0/4"), new Text("coap://a")))
        .isInstanceOf(Ok.class);
    assertThat(models.checkRead(LwM2mPath.parse("/505/0/3"))).isPresent();
    assertThat(models.checkRead(LwM2mPath.parse("/505/0"))).isEmpty();
    assertThat(models.checkRead(LwM2mPath.parse("/505"))).isEmpty();
    assertThat(models.checkRead(LwM2mPath.ROOT)).isPresent();
    assertThat(models.checkExecute(LwM2mPath.parse("/505/0/5"))).isEmpty();
    assertThat(models.checkExecute(LwM2mPath.parse("/505/0/4"))).isPresent();
    assertThat(models.checkWrite(LwM2mPath.parse("/0/0/3"), new Bytes(new byte[0])).violation())
        .as("the Security Object is the Bootstrap-Server's alone")
        .isPresent();
  }

  @Test
  void text_is_read_by_the_type_of_its_resource() {
    assertThat(parsed("/3/0/15", "Europe/Berlin")).isEqualTo(new Text("Europe/Berlin"));
    assertThat(parsed("/1/0/1", "300")).isEqualTo(new Whole(300));
    assertThat(parsed("/13/0/0", "0=4,1=3"))
        .isEqualTo(new Many(Map.of(0, new Whole(4), 1, new Whole(3))));
    assertThat(parsed("/13/0/0/1", "3")).isEqualTo(new Whole(3));
    assertThat(parsed("/19/0/0", "0=hex:0a0b"))
        .isEqualTo(new Many(Map.of(0, new Bytes(new byte[] {10, 11}))));
    assertThat(models.parse(LwM2mPath.parse("/1/0/1"), "soon").violation().orElseThrow().rule())
        .isEqualTo(Rule.TYPE);
    assertThat(models.parse(LwM2mPath.parse("/13/0/0"), "0=101").violation().orElseThrow().rule())
        .isEqualTo(Rule.RANGE);
    assertThat(models.parse(LwM2mPath.parse("/4711/0/0"), "1").violation().orElseThrow().rule())
        .isEqualTo(Rule.UNKNOWN_OBJECT);
  }

  @Test
  void added_definition_replaces_the_one_of_its_version_and_leaves_the_catalogue_as_it_was() {
    ObjectDefinition mine =
        new ObjectDefinition(
            19, ObjectVersion.DEFAULT, "mine", "", "urn:x", "1.0", true, false, Map.of());
    assertThat(models.with(List.of(mine)).find(19)).contains(mine);
    assertThat(models.find(19).orElseThrow().name()).isEqualTo("BinaryAppDataContainer");
  }

  private void assertTaken(String path, TypedValue value) {
    assertThat(models.check(LwM2mPath.parse(path), value))
        .isEqualTo(new Ok(LwM2mPath.parse(path), value));
  }

  private void assertRefused(String path, TypedValue value, Rule rule) {
    assertThat(violation(path, value).rule()).isEqualTo(rule);
    assertThat(violation(path, value).message()).startsWith(path + ": ");
  }

  private Violation violation(String path, TypedValue value) {
    return models.check(LwM2mPath.parse(path), value).violation().orElseThrow();
  }

  private TypedValue parsed(String path, String text) {
    return models.parse(LwM2mPath.parse(path), text).accepted().orElseThrow();
  }
}
