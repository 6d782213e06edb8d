package org.firstlight.cli.backup;

import java.io.PrintWriter;
import org.firstlight.redis.backup.Progress;
import org.firstlight.redis.backup.Section;

/** Says every two seconds how far it has come. */
final class ProgressLines implements Progress {
  private static final long EVERY_NANOS = 2_000_000_000L;

  private final PrintWriter out;
  private long last = System.nanoTime();

  ProgressLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void reached(Section section, long entries) {
    long now = System.nanoTime();
    if (now - last > EVERY_NANOS) {
      last = now;
      out.printf("  %s: %,d%n", section.word(), entries);
      out.flush();
    }
  }
}
