package org.firstlight.objects.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Real;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Unsigned;
import org.firstlight.objects.value.TypedValue.Whole;
import org.firstlight.objects.value.ValueType;

/**
 * What values a Resource allows, as the column "Range or Enumeration" of its definition says. That
 * column is free text; these forms are understood and enforced:
 *
 * <ul>
 *   <li>numbers: {@code 0..100}, {@code 0...100}, {@code 0-100}, {@code -140..-44}; a list {@code
 *       5, 10, 15}; both mixed {@code 0..3, 99}; values with words {@code 0: off} one a line; a
 *       width {@code 8-Bits}, {@code 2 bytes} (signed or unsigned)
 *   <li>strings and opaque: lengths {@code 0..255}, {@code 0..64 bytes}, a list {@code 16,32,48}; a
 *       lone length is the largest. A string is counted in characters, or in bytes of its UTF-8
 *       form when the text says bytes
 * </ul>
 *
 * Any other text, and a range on another type, is kept and not enforced.
 */
public final class ValueRange {
  /** No restriction. */
  public static final ValueRange ANY = new ValueRange("", Measure.NOTHING, List.of());

  private final String text;
  private final Measure measure;
  private final List<Interval> allowed;

  ValueRange(String text, Measure measure, List<Interval> allowed) {
    this.text = text;
    this.measure = measure;
    this.allowed = List.copyOf(allowed);
  }

  /** Reads the text of a definition; never fails, see above. */
  public static ValueRange of(ValueType type, String text) {
    return RangeText.read(type, text.strip());
  }

  /** As the definition writes it. */
  public String text() {
    return text;
  }

  /** Whether {@link #fault} can ever refuse a value. */
  public boolean enforced() {
    return measure != Measure.NOTHING;
  }

  /**
   * Why this value, which has the Resource's type and is no {@code Many}, is not allowed. Names a
   * number or a length, never a string or bytes.
   */
  public Optional<String> fault(TypedValue value) {
    if (!enforced()) {
      return Optional.empty();
    }
    if (value instanceof Real real && !Double.isFinite(real.value())) {
      return Optional.of("%s is outside %s".formatted(real.value(), text));
    }
    BigDecimal measured = measure(value);
    if (allowed.stream().anyMatch(interval -> interval.contains(measured))) {
      return Optional.empty();
    }
    return Optional.of(
        "%s%s is outside %s"
            .formatted(measure.words, measured.stripTrailingZeros().toPlainString(), text));
  }

  private BigDecimal measure(TypedValue value) {
    if (value instanceof Whole whole) {
      return BigDecimal.valueOf(whole.value());
    } else if (value instanceof Unsigned unsigned) {
      return new BigDecimal(new BigInteger(Long.toUnsignedString(unsigned.bits())));
    } else if (value instanceof Real real) {
      return BigDecimal.valueOf(real.value());
    } else if (value instanceof Bytes bytes) {
      return BigDecimal.valueOf(bytes.length());
    } else if (value instanceof Text string) {
      return BigDecimal.valueOf(
          measure == Measure.BYTES
              ? string.value().getBytes(StandardCharsets.UTF_8).length
              : string.value().codePointCount(0, string.value().length()));
    }
    throw new IllegalArgumentException("the value has not the type of its Resource");
  }

  /** What of a value is held against the range. */
  enum Measure {
    NOTHING(""),
    NUMBER(""),
    CHARACTERS("a length of "),
    BYTES("a length in bytes of ");

    private final String words;

    Measure(String words) {
      this.words = words;
    }
  }

  /** Both ends belong to it. */
  record Interval(BigDecimal from, BigDecimal to) {
    boolean contains(BigDecimal number) {
      return from.compareTo(number) <= 0 && number.compareTo(to) <= 0;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ValueRange range
        && text.equals(range.text)
        && measure == range.measure
        && allowed.equals(range.allowed);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
