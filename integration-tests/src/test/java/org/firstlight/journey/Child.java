package org.firstlight.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs beside the test, its output in a file.
 *
 * @param log standard output and standard error
 */
public record Child(Process process, Path log) {
  private static final long PATIENCE_SECONDS = 120;

  /** A main class of this class path, in a JVM of its own. */
  public static Child java(Path log, List<String> options, String mainClass, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return start(log, command);
  }

  public static Child start(Path log, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile())
            .start();
    return new Child(process, log);
  }

  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its exit code; a program that does not end is killed and fails the test. */
  public int end() {
    return end(PATIENCE_SECONDS);
  }

  /** As {@link #end()}, of a program that may take as long as this. */
  public int end(long patienceSeconds) {
    if (!ended(patienceSeconds)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end:\n" + output());
    }
    return process.exitValue();
  }

  /** Asks it to end, as Ctrl-C does. */
  public void stop() {
    process.destroy();
    end();
  }

  /** As {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    if (!ended(PATIENCE_SECONDS)) {
      throw new AssertionError("it survived kill -9");
    }
  }

  private boolean ended(long patienceSeconds) {
    try {
      return process.waitFor(patienceSeconds, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
