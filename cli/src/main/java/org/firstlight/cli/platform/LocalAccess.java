package org.firstlight.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * How a command on this machine finds the platform that runs here, and is let in: a file that only
 * the platform's user (and root) can read, gone when the platform stops.
 *
 * @param token an administrator's
 */
public record LocalAccess(URI api, String token) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes the file for a platform that has started. */
  public static void publish(Platform platform) {
    Path file = file();
    String token = platform.administrator().apiToken("local commands on " + platform.node());
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              "platform",
              ".json",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(
          fresh,
          JSON.writeValueAsString(Map.of("api", platform.httpUri().toString(), "token", token)));
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      file.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** The platform that runs on this machine, if there is one. */
  public static Optional<LocalAccess> find() {
    Path file = file();
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      JsonNode told = JSON.readTree(Files.readString(file));
      return Optional.of(
          new LocalAccess(URI.create(told.path("api").asText()), told.path("token").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  @Override
  public String toString() {
    return "LocalAccess[" + api + "]";
  }

  private static Path file() {
    return Path.of(System.getProperty("firstlight.home", ".firstlight"), "run", "platform.json");
  }
}
