package org.firstlight.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One line for people about each name that the code gives out; no name without, no line too much.
 */
final class Meanings {
  private final Properties lines = new Properties();
  private final String file;

  Meanings(String file) {
    this.file = file;
    try (@Nullable InputStream in = Meanings.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not there");
      }
      lines.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless these, and no others, have their line. */
  void areOf(Set<String> names) {
    Set<String> without = new TreeSet<>(names);
    without.removeAll(lines.stringPropertyNames());
    Set<String> stale = new TreeSet<>(lines.stringPropertyNames());
    stale.removeAll(names);
    if (!without.isEmpty() || !stale.isEmpty()) {
      throw new AssertionError(
          "%s, in the test resources: add a line for each of %s, take out %s, then -Dfirstlight.update"
              .formatted(file, without, stale));
    }
  }

  String of(String name) {
    return lines.getProperty(name);
  }
}
