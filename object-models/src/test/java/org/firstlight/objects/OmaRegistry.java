package org.firstlight.objects;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * OMA's public object definitions, which are test input and no part of the product. They lie where
 * {@code FIRSTLIGHT_OMA_REGISTRY} or the system property {@code firstlight.omaRegistry} says, or in
 * {@code shared/oma-registry} beside the checkout; a test that needs them is skipped without.
 */
public final class OmaRegistry {
  private OmaRegistry() {}

  public static List<Path> files() {
    Optional<Path> folder = folder();
    assumeThat(folder).as("the folder of OMA's definitions").isPresent();
    try (Stream<Path> files = Files.list(folder.orElseThrow())) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> folder() {
    return Stream.concat(
            Stream.of(
                    Optional.ofNullable(System.getenv("FIRSTLIGHT_OMA_REGISTRY")),
                    Optional.ofNullable(System.getProperty("firstlight.omaRegistry")))
                .flatMap(Optional::stream)
                .map(Path::of),
            Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                .map(path -> path.resolveSibling("shared/oma-registry")))
        .filter(Files::isDirectory)
        .findFirst();
  }
}
