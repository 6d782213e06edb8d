package org.firstlight.objects.definition;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.firstlight.objects.definition.ValueRange.Interval;
import org.firstlight.objects.definition.ValueRange.Measure;
import org.firstlight.objects.value.ValueType;

/** Reads the free text of a definition's range, as {@link ValueRange} describes. */
final class RangeText {
  private static final String NUMBER = "-?\\d{1,20}(?:\\.\\d{1,20})?";
  private static final Pattern INTERVAL =
      Pattern.compile("(" + NUMBER + ")\\s*\\.{2,3}\\s*(" + NUMBER + ")");
  private static final Pattern DASHED = Pattern.compile("(\\d{1,20})\\s*-\\s*(\\d{1,20})");
  private static final Pattern DASHED_LIST = Pattern.compile("\\d{1,9}(-\\d{1,9}){2,}");
  private static final Pattern SINGLE = Pattern.compile("(" + NUMBER + ")(?:\\s*:\\s*\\S.*)?");
  private static final Pattern WIDTH =
      Pattern.compile("(\\d{1,2})\\s*-?\\s*(bit|byte)s?", Pattern.CASE_INSENSITIVE);
  private static final Pattern IN_BYTES =
      Pattern.compile("(.*\\d)\\s*bytes?", Pattern.CASE_INSENSITIVE);
  private static final int MAX_LENGTH = 2_000;

  private RangeText() {}

  static ValueRange read(ValueType type, String text) {
    if (text.isEmpty()) {
      return ValueRange.ANY;
    }
    ValueRange unenforced = new ValueRange(text, Measure.NOTHING, List.of());
    if (text.length() > MAX_LENGTH) {
      return unenforced;
    }
    return switch (type) {
      case INTEGER, UNSIGNED_INTEGER, FLOAT -> numbers(text).orElse(unenforced);
      case STRING -> lengths(text, Measure.CHARACTERS).orElse(unenforced);
      case OPAQUE -> lengths(text, Measure.BYTES).orElse(unenforced);
      default -> unenforced;
    };
  }

  private static Optional<ValueRange> numbers(String text) {
    Matcher width = WIDTH.matcher(text);
    if (width.matches()) {
      int bits =
          Integer.parseInt(width.group(1)) * (width.group(2).equalsIgnoreCase("byte") ? 8 : 1);
      return ofWidth(text, bits);
    }
    // a lone number may be a value, a maximum or a width: definitions use it for all three
    return intervals(text)
        .filter(list -> list.size() > 1 || !isPoint(list.get(0)))
        .map(list -> new ValueRange(text, Measure.NUMBER, list));
  }

  private static Optional<ValueRange> ofWidth(String text, int bits) {
    if (bits < 1 || bits > 64) {
      return Optional.empty();
    }
    BigInteger end = BigInteger.TWO.pow(bits);
    Interval signedOrUnsigned =
        new Interval(
            new BigDecimal(end.shiftRight(1).negate()),
            new BigDecimal(end.subtract(BigInteger.ONE)));
    return Optional.of(new ValueRange(text, Measure.NUMBER, List.of(signedOrUnsigned)));
  }

  private static Optional<ValueRange> lengths(String text, Measure bare) {
    Matcher inBytes = IN_BYTES.matcher(text);
    boolean bytes = inBytes.matches();
    return intervals(bytes ? inBytes.group(1) : text)
        .map(list -> list.size() == 1 && isPoint(list.get(0)) ? upTo(list.get(0)) : list)
        .map(list -> new ValueRange(text, bytes ? Measure.BYTES : bare, list));
  }

  private static List<Interval> upTo(Interval length) {
    return List.of(new Interval(BigDecimal.ZERO, length.to()));
  }

  private static boolean isPoint(Interval interval) {
    return interval.from().equals(interval.to());
  }

  private static Optional<List<Interval>> intervals(String text) {
    String[] parts =
        DASHED_LIST.matcher(text).matches() ? text.split("-") : text.split("\\s*[,;\\n]\\s*");
    List<Interval> intervals = new ArrayList<>();
    for (String part : parts) {
      Optional<Interval> interval = interval(part.strip());
      if (interval.isEmpty()) {
        return Optional.empty();
      }
      intervals.add(interval.get());
    }
    return intervals.isEmpty() ? Optional.empty() : Optional.of(intervals);
  }

  private static Optional<Interval> interval(String part) {
    for (Pattern form : List.of(INTERVAL, DASHED)) {
      Matcher matcher = form.matcher(part);
      if (matcher.matches()) {
        BigDecimal one = new BigDecimal(matcher.group(1));
        BigDecimal other = new BigDecimal(matcher.group(2));
        // signal strengths are sometimes written the larger first: -30..-120
        return Optional.of(new Interval(one.min(other), one.max(other)));
      }
    }
    Matcher single = SINGLE.matcher(part);
    if (single.matches()) {
      BigDecimal number = new BigDecimal(single.group(1));
      return Optional.of(new Interval(number, number));
    }
    return Optional.empty();
  }
}
