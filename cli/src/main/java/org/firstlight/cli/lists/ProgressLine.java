package org.firstlight.cli.lists;

import java.io.PrintWriter;

/** One line that grows on a terminal; where there is none, a line for each tenth. */
final class ProgressLine {
  private static final int WIDTH = 30;
  private static final int TENTHS = 10;

  private final PrintWriter out;
  private final boolean terminal = System.console() != null;
  private String shown = "";

  ProgressLine(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param what was done with this many bytes, as "sent"
   */
  void show(String what, long bytes, long of) {
    double part = of == 0 ? 1 : (double) bytes / of;
    if (terminal) {
      int full = (int) (part * WIDTH);
      String bar = "█".repeat(full) + "·".repeat(WIDTH - full);
      out.printf("\r%-8s %s %3d %% of %,d bytes ", what, bar, (int) (part * 100), of);
      shown = "\n";
    } else {
      String line = "%s %d %%".formatted(what, (int) (part * TENTHS) * TENTHS);
      if (!line.equals(shown)) {
        out.println(line);
        shown = line;
      }
    }
    out.flush();
  }

  void end() {
    if (terminal && !shown.isEmpty()) {
      out.println();
    }
    out.flush();
  }
}
