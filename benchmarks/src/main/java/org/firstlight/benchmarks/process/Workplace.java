package org.firstlight.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder for what a measurement's processes need and leave behind.
 *
 * @param folder gone when this is closed
 */
public record Workplace(Path folder) implements AutoCloseable {
  public static Workplace open() throws IOException {
    return new Workplace(Files.createTempDirectory("firstlight-bench"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
