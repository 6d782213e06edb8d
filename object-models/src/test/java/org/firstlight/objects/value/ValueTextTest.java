package org.firstlight.objects.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Moment;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTextTest {
  @Property
  void what_is_written_is_read_back(@ForAll("singles") TypedValue value) {
    assertThat(ValueText.parse(value.type(), ValueText.format(value))).isEqualTo(value);
  }

  @Property
  void resource_instances_are_read_back_whatever_they_hold(@ForAll("many") Many many) {
    ValueType type = many.values().isEmpty() ? ValueType.STRING : many.type();
    assertThat(ValueText.parseMany(type, ValueText.format(many))).isEqualTo(many);
  }

  @Property
  void any_text_is_read_or_refused_without_being_repeated(
      @ForAll ValueType type, @ForAll String noise) {
    String text = "s3cr3t" + noise;
    try {
      ValueText.parse(type, text);
      ValueText.parseMany(type, text);
    } catch (IllegalArgumentException refused) {
      assertThat(refused.getMessage()).doesNotContain("s3cr3t");
    }
  }

  @Property
  void log_line_shows_no_string_and_no_bytes(@ForAll("many") Many many) {
    assertThat(new Many(Map.of(7, new Text("s3cr3t"))).toString()).doesNotContain("s3cr3t");
    assertThat(new Bytes(new byte[] {115, 51}).toString()).isEqualTo("Bytes[2 bytes]");
    assertThat(many.toString()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "INTEGER, 9223372036854775808",
    "INTEGER, 1.5",
    "INTEGER, 0x10",
    "UNSIGNED_INTEGER, -1",
    "UNSIGNED_INTEGER, 18446744073709551616",
    "FLOAT, NaN",
    "FLOAT, 1e999",
    "FLOAT, 1d",
    "BOOLEAN, True",
    "BOOLEAN, 1",
    "TIME, yesterday",
    "OPAQUE, 0a0b",
    "OPAQUE, hex:abc",
    "OPAQUE, base64:!",
    "OBJLNK, 3",
    "OBJLNK, 3:65536",
    "OBJLNK, 3:65535",
    "NONE, x"
  })
  void what_is_not_of_the_type_is_refused(ValueType type, String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ValueText.parse(type, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"x", "=x", "0=x,0=y", "65536=x", "00=x", "-1=x", "0=x,", "0=x\\"})
  void malformed_resource_instances_are_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ValueText.parseMany(ValueType.STRING, text));
  }

  @Test
  void the_forms_of_one_value_are_read_alike() {
    assertThat(ValueText.parse(ValueType.OPAQUE, "base64:Cv8="))
        .isEqualTo(ValueText.parse(ValueType.OPAQUE, "hex:0aff"))
        .isEqualTo(new Bytes(new byte[] {10, -1}));
    assertThat(ValueText.parse(ValueType.TIME, "1777636800"))
        .isEqualTo(ValueText.parse(ValueType.TIME, "2026-05-01T12:00:00Z"))
        .isEqualTo(new Moment(Instant.parse("2026-05-01T12:00:00.9Z")));
    assertThat(ValueText.parse(ValueType.UNSIGNED_INTEGER, "18446744073709551615"))
        .isEqualTo(new Unsigned(-1));
    assertThat(ValueText.parseMany(ValueType.STRING, "0=a\\,b,3=c=d\\\\"))
        .isEqualTo(new Many(Map.of(0, new Text("a,b"), 3, new Text("c=d\\"))));
  }

  @Test
  void resource_instances_are_of_one_type_and_hold_one_value_each() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Many(Map.of(0, new Text("a"), 1, new Whole(1))));
    assertThatIllegalArgumentException().isThrownBy(() -> new Many(Map.of(0, new Many(Map.of()))));
    assertThatIllegalArgumentException().isThrownBy(() -> new Many(Map.of(65_536, new Whole(1))));
  }

  @Provide
  Arbitrary<TypedValue> singles() {
    return TypedValues.singles();
  }

  @Provide
  Arbitrary<Many> many() {
    return TypedValues.many();
  }
}
