package org.firstlight.simulator.crowd;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Which of a crowd's devices one process runs.
 *
 * @param number from 1
 * @param of how many processes share the crowd
 */
record Part(int number, int of) {
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,2})/([1-9][0-9]{0,2})");

  <T> List<T> share(List<T> all) {
    return IntStream.range(0, all.size())
        .filter(i -> i % of == number - 1)
        .mapToObj(all::get)
        .toList();
  }

  /** {@code 2/4}, for picocli. */
  static final class Text implements ITypeConverter<Part> {
    @Override
    public Part convert(String text) {
      Matcher parts = TEXT.matcher(text);
      if (parts.matches()) {
        Part part = new Part(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        if (part.number <= part.of) {
          return part;
        }
      }
      throw new TypeConversionException("a part is such as 1/4, not '%s'".formatted(text));
    }
  }
}
