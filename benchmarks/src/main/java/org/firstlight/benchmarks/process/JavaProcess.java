package org.firstlight.benchmarks.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JVM of its own, spoken to by lines on its standard input and output. */
public final class JavaProcess implements AutoCloseable {
  private static final Pattern LIVE =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);
  private static final long ENDING_SECONDS = 15;

  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.in = process.outputWriter(StandardCharsets.UTF_8);
  }

  /**
   * @param before what stands before our own class path; may be empty
   * @param options of the JVM
   * @param log takes its standard error
   */
  public static JavaProcess start(
      List<Path> before, List<String> options, String mainClass, List<String> arguments, Path log) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    List<String> classPath = new ArrayList<>(before.stream().map(Path::toString).toList());
    classPath.add(System.getProperty("java.class.path"));
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath));
    command.add(mainClass);
    command.addAll(arguments);
    try {
      return new JavaProcess(new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException("a JVM cannot be started", e);
    }
  }

  /** Reads its output up to a line that begins so. */
  public String await(String beginning) {
    String line = read();
    while (!line.startsWith(beginning)) {
      line = read();
    }
    return line;
  }

  /** The line that it answers to this one. */
  public String ask(String line) {
    try {
      in.write(line);
      in.newLine();
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(ended(), e);
    }
    return read();
  }

  private String read() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException(ended());
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(ended(), e);
    }
  }

  private String ended() {
    return "a process of the measurement ended; its last words are in " + log;
  }

  public long pid() {
    return process.pid();
  }

  public double cpuSeconds() {
    return Cpu.seconds(process.pid());
  }

  /** Bytes of live objects, after a full collection. */
  public long liveHeap() {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process asking =
          new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String histogram = new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher total = LIVE.matcher(histogram);
      if (!total.find()) {
        throw new IllegalStateException("jcmd tells no total: " + histogram.lines().findFirst());
      }
      return Long.parseLong(total.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException("jcmd cannot be run: a JDK is needed, not a JRE", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
