package org.firstlight.redis;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code redis-server} of this machine. */
record RedisServerProgram(Path path) {
  private static final Pattern VERSION = Pattern.compile("\\bv=(\\S+)");

  /**
   * The first on the search path, if it is young enough.
   *
   * @throws RedisUnusableException saying what to install
   */
  static RedisServerProgram find(String searchPath) {
    RedisServerProgram program =
        onPath("redis-server", searchPath)
            .map(RedisServerProgram::new)
            .orElseThrow(
                () ->
                    new RedisUnusableException(
                        "no redis-server on the PATH: install Redis 6.2 or later (Debian:"
                            + " apt-get install redis-server), or name one in the configuration"
                            + " (redis.mode: standalone)"));
    RedisVersion.check(program.version());
    return program;
  }

  /** Starts it in a session of its own, so that the terminal's Ctrl-C is left to us. */
  Process start(Path configuration, String searchPath) throws IOException {
    List<String> command = new ArrayList<>();
    onPath("setsid", searchPath).ifPresent(setsid -> command.add(setsid.toString()));
    command.add(path.toString());
    command.add(configuration.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /**
   * Cuts the log in a directory back to its last whole transaction, as {@code redis-check-aof}
   * does. Left to itself ({@code aof-load-truncated}), Redis may keep the beginning of a torn one,
   * and do that at its next start, with what was written behind it.
   *
   * @return what it says that it did
   * @throws RedisUnusableException if it cannot, in its words
   */
  String mendLog(Path directory) {
    Path manifest = directory.resolve("appendonlydir").resolve("appendonly.aof.manifest");
    Path log = Files.exists(manifest) ? manifest : directory.resolve("appendonly.aof");
    try {
      Process mending =
          new ProcessBuilder(
                  path.resolveSibling("redis-check-aof").toString(), "--fix", log.toString())
              .redirectErrorStream(true)
              .start();
      try (OutputStream answer = mending.getOutputStream()) {
        answer.write("y\n".getBytes(StandardCharsets.US_ASCII));
      }
      String words = new String(mending.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (mending.onExit().join().exitValue() != 0) {
        throw new RedisUnusableException("redis-check-aof cannot mend the log: " + words.strip());
      }
      return words;
    } catch (IOException e) {
      throw new RedisUnusableException(
          "redis-check-aof, which comes with redis-server, cannot be run: " + e.getMessage(), e);
    }
  }

  private String version() {
    try {
      Process process =
          new ProcessBuilder(path.toString(), "--version").redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = VERSION.matcher(text);
      if (!version.find()) {
        throw new RedisUnusableException(path + " --version tells no version");
      }
      return version.group(1);
    } catch (IOException e) {
      throw new RedisUnusableException(path + " cannot be run: " + e.getMessage(), e);
    }
  }

  private static Optional<Path> onPath(String name, String searchPath) {
    for (String directory : searchPath.split(File.pathSeparator)) {
      Path candidate = Path.of(directory.isEmpty() ? "." : directory).resolve(name);
      if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return Optional.of(candidate.toAbsolutePath());
      }
    }
    return Optional.empty();
  }
}
