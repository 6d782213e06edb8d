package org.firstlight.objects.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LwM2mPathTest {
  @Property
  void what_is_written_is_read_back(@ForAll("paths") LwM2mPath path) {
    assertThat(LwM2mPath.parse(path.toString())).isEqualTo(path).hasSameHashCodeAs(path);
  }

  @Property
  void any_text_is_a_path_in_its_one_form_or_is_refused(@ForAll String text) {
    LwM2mPath.tryParse(text).ifPresent(path -> assertThat(path).hasToString(text));
  }

  @Property
  void child_lies_in_its_parent(@ForAll("paths") LwM2mPath path, @ForAll("instanceIds") int id) {
    if (!path.isResourceInstance()) {
      LwM2mPath child = path.child(id);
      assertThat(child.startsWith(path)).isTrue();
      assertThat(path.startsWith(child)).isFalse();
      assertThat(child.parent()).contains(path);
      assertThat(child).isGreaterThan(path);
    }
  }

  @Test
  void each_level_has_its_id() {
    LwM2mPath path = LwM2mPath.parse("/3/1/6/2");
    assertThat(path.objectId()).isEqualTo(3);
    assertThat(path.instanceId()).isEqualTo(1);
    assertThat(path.resourceId()).isEqualTo(6);
    assertThat(path.resourceInstanceId()).isEqualTo(2);
    assertThat(path.resource()).hasToString("/3/1/6");
    assertThat(path.isResourceInstance()).isTrue();
    assertThat(LwM2mPath.parse("/")).isEqualTo(LwM2mPath.ROOT);
    assertThat(LwM2mPath.ROOT.parent()).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> LwM2mPath.of(3, 0).resourceId())
        .withMessage("/3/0 names no Resource");
  }

  @Test
  void order_is_by_number_and_a_parent_comes_first() {
    assertThat(Stream.of("/10", "/3/0/10", "/3/0/9", "/3", "/").map(LwM2mPath::parse).sorted())
        .extracting(LwM2mPath::toString)
        .isEqualTo(List.of("/", "/3", "/3/0/9", "/3/0/10", "/10"));
  }

  @Test
  void similar_number_is_not_a_prefix() {
    assertThat(LwM2mPath.parse("/30/0").startsWith(LwM2mPath.parse("/3"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3",
        "//",
        "/3/",
        "/03",
        "/-1",
        "/+1",
        "/a",
        "/65536",
        "/3/65535",
        "/1/2/3/4/5",
        "/99999999999",
        "/3 ",
        "/٣",
        "/3/0?x"
      })
  void malformed_path_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LwM2mPath.parse(text));
    assertThat(LwM2mPath.tryParse(text)).isEmpty();
  }

  @Provide
  Arbitrary<LwM2mPath> paths() {
    return Arbitraries.integers()
        .between(0, LwM2mPath.MAX_INSTANCE_ID)
        .list()
        .ofMaxSize(4)
        .map(ids -> LwM2mPath.of(ids.stream().mapToInt(Integer::intValue).toArray()));
  }

  @Provide
  Arbitrary<Integer> instanceIds() {
    return Arbitraries.integers().between(0, LwM2mPath.MAX_INSTANCE_ID);
  }
}
