package org.firstlight.badluck;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Redis under {@code strace} wrote to its append-only file, and how much of that was surely
 * on the disk: what had been written when the last {@code fdatasync} that ended well began. What
 * came after is what a loss of power may take; {@code kill -9} alone takes nothing of it, for the
 * system's cache outlives the process.
 */
final class SyncTrace {
  /** Process, time, call, and what it gave; a call that others interrupted stands in two lines. */
  private static final Pattern LINE =
      Pattern.compile("(\\d+) +(\\d+)\\.(\\d{6}) (?:(\\w+)\\(|<\\.\\.\\. (\\w+) resumed>)(.*)");

  private static final Pattern RESULT = Pattern.compile("\\) += (-?\\d+).*");

  private final Path trace;
  private final Path file;
  private long size;
  private long synced;
  private Instant written = Instant.MIN;
  private Instant promised = Instant.MIN;

  /** A sync that has not ended: how much was written when it began, and when the last of it was. */
  private record Begun(long size, Instant written) {}

  private SyncTrace(Path trace, Path file) {
    this.trace = trace;
    this.file = file;
  }

  /** Words before a command line, so that it leaves a trace; skips the test where it cannot. */
  static List<String> watcher(Path trace) throws IOException {
    assumeTrue(canTrace(), "strace is not there, or may not trace: what was synced is not known");
    return List.of(
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-ttt",
        "-y",
        "-s",
        "0",
        "-e",
        "trace=write,fdatasync",
        "-o",
        trace.toString());
  }

  private static boolean canTrace() {
    try {
      return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /**
   * Cuts the file of a dead Redis back: to what was synced, or anywhere behind that, in the middle
   * of a command too.
   *
   * @param before the file's size when the trace began
   * @return when the last write began that was synced: what was acknowledged before it was in it,
   *     or in an earlier one. Not when the sync began: until it ends, Redis puts writes off, and
   *     acknowledges all the same
   */
  static Instant cut(Path trace, Path file, long before, Random random) throws IOException {
    SyncTrace read = new SyncTrace(trace, file);
    read.size = before;
    read.synced = before;
    read.read();
    long whole = Files.size(file);
    if (read.size > whole || read.synced > whole) {
      throw new IllegalStateException("the trace has more writes than the file has bytes");
    }
    long kept = random.nextBoolean() ? read.synced : random.nextLong(read.synced, whole + 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(kept);
    }
    return read.promised;
  }

  private void read() throws IOException {
    Map<String, Begun> syncing = new HashMap<>();
    Map<String, Instant> writing = new HashMap<>();
    String ours = "<" + file.toRealPath() + ">";
    try (var lines = Files.lines(trace)) {
      lines
          .map(LINE::matcher)
          .filter(Matcher::matches)
          .forEach(
              line -> {
                String thread = line.group(1);
                boolean begins = line.group(4) != null;
                String call = begins ? line.group(4) : line.group(5);
                if (begins && !line.group(6).contains(ours)) {
                  writing.remove(thread);
                  syncing.remove(thread);
                  return;
                }
                if (call.equals("write")) {
                  if (begins) {
                    writing.put(thread, at(line));
                  }
                  long wrote = result(line.group(6), 0);
                  if (writing.containsKey(thread) && wrote > 0) {
                    size += wrote;
                    written = writing.get(thread);
                  }
                } else {
                  if (begins) {
                    syncing.put(thread, new Begun(size, written));
                  }
                  Begun begun = syncing.get(thread);
                  if (begun != null && result(line.group(6), -1) == 0) {
                    synced = begun.size();
                    promised = begun.written();
                  }
                }
              });
    }
  }

  private static Instant at(Matcher line) {
    return Instant.ofEpochSecond(
        Long.parseLong(line.group(2)), Long.parseLong(line.group(3)) * 1_000);
  }

  /** What the call gave, if the line tells. */
  private static long result(String rest, long otherwise) {
    Matcher result = RESULT.matcher(rest.substring(Math.max(0, rest.lastIndexOf(')'))));
    return result.matches() ? Long.parseLong(result.group(1)) : otherwise;
  }
}
