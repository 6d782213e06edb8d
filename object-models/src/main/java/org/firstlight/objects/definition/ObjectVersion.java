package org.firstlight.objects.definition;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Version of an Object (LwM2M Core 1.1.1 §7.2): minor versions of one major are compatible. */
public record ObjectVersion(int major, int minor) implements Comparable<ObjectVersion> {
  /** What a device means that names no version. */
  public static final ObjectVersion DEFAULT = new ObjectVersion(1, 0);

  private static final Pattern FORM = Pattern.compile("(\\d{1,5})\\.(\\d{1,5})");

  /** The version that the text names ({@code "1.1"}), empty when it names none. */
  public static Optional<ObjectVersion> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new ObjectVersion(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(ObjectVersion other) {
    return Comparator.comparingInt(ObjectVersion::major)
        .thenComparingInt(ObjectVersion::minor)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
