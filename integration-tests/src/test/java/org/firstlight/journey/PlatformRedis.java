package org.firstlight.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;

/** The platform's own Redis, found by the files in its folder: what an intruder would do. */
record PlatformRedis(Path folder) {
  /** The ports to state, beside the platform's. */
  RedisStores open() {
    return RedisStores.open(
        RedisSettings.at(
            "redis://127.0.0.1:" + configured("port"),
            Optional.empty(),
            Optional.of(configured("requirepass"))),
        Clock.systemUTC());
  }

  /** It answers nothing until {@link #thaw}: as a machine that is away. */
  void freeze() {
    signal("STOP");
  }

  void thaw() {
    signal("CONT");
  }

  /** Runs a command in redis-cli. */
  String cli(String... words) {
    List<String> command =
        new ArrayList<>(List.of("redis-cli", "-p", configured("port"), "--no-auth-warning"));
    command.addAll(List.of(words));
    try {
      Process process = withPassword(new ProcessBuilder(command).redirectErrorStream(true)).start();
      return new String(process.getInputStream().readAllBytes()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder withPassword(ProcessBuilder builder) {
    builder.environment().put("REDISCLI_AUTH", configured("requirepass"));
    return builder;
  }

  private void signal(String name) {
    try {
      String pid = Files.readString(folder.resolve("redis.pid")).strip();
      new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configured(String name) {
    try {
      return Files.readAllLines(folder.resolve("redis.conf")).stream()
          .filter(line -> line.startsWith(name + " "))
          .findFirst()
          .orElseThrow()
          .substring(name.length() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
