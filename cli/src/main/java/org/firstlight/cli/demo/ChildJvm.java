package org.firstlight.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another Firstlight process of this machine: the same program, with a command of its own. */
final class ChildJvm {
  /** Starts {@code firstlight} with these arguments, on the JDK and class path of this process. */
  static Process start(List<String> arguments, Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.firstlight.cli.Firstlight"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectOutput(log.toFile())
        .redirectErrorStream(true)
        .start();
  }

  /** Ends it as Ctrl-C would, and after ten seconds by force. */
  static void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private ChildJvm() {}
}
