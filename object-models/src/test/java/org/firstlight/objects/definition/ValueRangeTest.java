package org.firstlight.objects.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Real;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;
import org.firstlight.objects.value.ValueType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueRangeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0..100         | 0 100        | -1 101",
        "1...15         | 1 15         | 0 16",
        "0-65535        | 0 65535      | -1 65536",
        "-140..-44      | -140 -44     | -141 -43",
        "-30..-120      | -120 -30     | -121 -29",
        "0..3, 99       | 0 3 99       | 4 98 100",
        "0..247, 255    | 247 255      | 248 256",
        "5, 10, 15, 20  | 5 20         | 6 0",
        "0,1,2          | 0 2          | 3",
        "1 bytes        | -128 255     | -129 256",
        "2 bytes        | 65535        | 65536",
        "8-Bits         | 255          | 256",
        "16-bit         | 65535 -32768 | 65536",
      })
  void numbers_are_held_to_their_range(String range, String inside, String outside) {
    ValueRange read = ValueRange.of(ValueType.INTEGER, range);
    for (String number : inside.split(" ")) {
      assertThat(read.fault(new Whole(Long.parseLong(number)))).as(number).isEmpty();
    }
    for (String number : outside.split(" ")) {
      assertThat(read.fault(new Whole(Long.parseLong(number))))
          .contains("%s is outside %s".formatted(number, range.strip()));
    }
  }

  @Test
  void words_beside_the_numbers_are_understood() {
    ValueRange range = ValueRange.of(ValueType.UNSIGNED_INTEGER, "0: OFF\n\t1: ON\n\t255: STUCK");
    assertThat(range.fault(new Unsigned(255))).isEmpty();
    assertThat(range.fault(new Unsigned(2))).isPresent();
  }

  @Test
  void unsigned_and_decimal_numbers_are_held_to_theirs() {
    ValueRange all = ValueRange.of(ValueType.UNSIGNED_INTEGER, "0..18446744073709551615");
    assertThat(all.fault(new Unsigned(-1))).isEmpty();
    ValueRange small = ValueRange.of(ValueType.UNSIGNED_INTEGER, "0..4294967295");
    assertThat(small.fault(new Unsigned(-1)))
        .contains("18446744073709551615 is outside 0..4294967295");
    ValueRange decimal = ValueRange.of(ValueType.FLOAT, "0; 3.8..20.5");
    assertThat(decimal.fault(new Real(0))).isEmpty();
    assertThat(decimal.fault(new Real(20.5))).isEmpty();
    assertThat(decimal.fault(new Real(3.7))).isPresent();
    assertThat(decimal.fault(new Real(Double.NaN))).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0..3       | 0 3   | 4",
        "0-3 bytes  | 0 3   | 4",
        "2..3       | 2 3   | 1 4",
        "10,26      | 10 26 | 11 27",
        "64         | 0 64  | 65",
        "32 bytes   | 32    | 33",
        "16-32-48 bytes | 16 32 48 | 17",
      })
  void lengths_are_held_to_their_range(String range, String inside, String outside) {
    for (String length : inside.split(" ")) {
      assertThat(faults(range, Integer.parseInt(length))).as(length).isFalse();
    }
    for (String length : outside.split(" ")) {
      assertThat(faults(range, Integer.parseInt(length))).as(length).isTrue();
    }
  }

  private static boolean faults(String range, int length) {
    boolean string =
        ValueRange.of(ValueType.STRING, range).fault(new Text("x".repeat(length))).isPresent();
    boolean opaque =
        ValueRange.of(ValueType.OPAQUE, range).fault(new Bytes(new byte[length])).isPresent();
    assertThat(string).isEqualTo(opaque);
    return string;
  }

  @Test
  void string_is_counted_in_bytes_where_the_definition_says_so() {
    TypedValue umlauts = new Text("äöü");
    assertThat(ValueRange.of(ValueType.STRING, "0..5").fault(umlauts)).isEmpty();
    assertThat(ValueRange.of(ValueType.STRING, "0..5 bytes").fault(umlauts))
        .contains("a length in bytes of 6 is outside 0..5 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2 Instances", "<7 to >12.5", "ON;OFF", "255", "99 bytes", "0..", ","})
  void text_that_says_no_range_is_kept_and_not_enforced(String text) {
    ValueRange range = ValueRange.of(ValueType.INTEGER, text);
    assertThat(range.enforced()).isFalse();
    assertThat(range.text()).isEqualTo(text);
    assertThat(range.fault(new Whole(Long.MAX_VALUE))).isEmpty();
  }

  @Test
  void range_on_a_type_that_has_none_is_not_enforced() {
    assertThat(ValueRange.of(ValueType.BOOLEAN, "0..65535").enforced()).isFalse();
    assertThat(ValueRange.of(ValueType.TIME, "0..1").enforced()).isFalse();
  }

  @Property
  void any_text_is_read(@ForAll String text, @ForAll ValueType type) {
    assertThat(ValueRange.of(type, text).text()).isEqualTo(text.strip());
  }

  @Property
  void interval_holds_its_ends_and_nothing_beyond(@ForAll int one, @ForAll int other) {
    long[] ends = {one, other};
    Arrays.sort(ends);
    ValueRange range = ValueRange.of(ValueType.INTEGER, ends[0] + ".." + ends[1]);
    if (ends[0] < ends[1]) {
      assertThat(range.fault(new Whole(ends[0]))).isEmpty();
      assertThat(range.fault(new Whole(ends[1]))).isEmpty();
      assertThat(range.fault(new Whole(ends[0] - 1))).isPresent();
      assertThat(range.fault(new Whole(ends[1] + 1))).isPresent();
    }
  }
}
