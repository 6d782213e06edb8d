package org.firstlight.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files that a page is held to. */
final class Repository {
  /** What the platform's processes are made of: the demo's devices and tools are not among it. */
  private static final List<String> PLATFORM =
      List.of("fleet", "redis", "server-kit", "bootstrap-server", "dm-server");

  /** A source file and its text. */
  record Source(Path file, String text) {}

  private static final Path ROOT = root();

  private Repository() {}

  static Path page(String name) {
    return ROOT.resolve("docs").resolve(name);
  }

  static List<Source> platformSources() {
    return PLATFORM.stream()
        .flatMap(module -> sources(ROOT.resolve(module).resolve("src/main/java")))
        .toList();
  }

  static String sourceOf(String module, Class<?> type) {
    return read(
        ROOT.resolve(module)
            .resolve("src/main/java")
            .resolve(type.getName().replace('.', '/') + ".java"));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Source> sources(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .map(file -> new Source(file, read(file)))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("server-kit"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("run this within the repository");
    }
    return folder;
  }
}
