package org.firstlight.dm.shipment;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.fleet.shipment.ShipmentList.Progress;

/** Reads a list from where it was left, some lines at a time, and knows where each time ends. */
final class ListLines implements AutoCloseable {
  /** Bytes of the longest line. */
  static final int LONGEST = 4 * 1024;

  private final InputStream in;
  private long position;
  private int number;

  private ListLines(InputStream in, Progress from) {
    this.in = in;
    this.position = from.position();
    this.number = from.lines();
  }

  static ListLines open(Path file, Progress from) throws IOException {
    InputStream in = Files.newInputStream(file);
    in.skipNBytes(from.position());
    return new ListLines(new BufferedInputStream(in, 256 * 1024), from);
  }

  /**
   * One line that is not empty.
   *
   * @param number from 1
   */
  record Line(int number, String text, boolean tooLong) {}

  /** Lines, and where the next ones begin. */
  record Batch(List<Line> lines, long position, int read, boolean last) {}

  Batch next(int most) throws IOException {
    List<Line> lines = new ArrayList<>();
    boolean last = false;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int i = 0; i < most && !last; i++) {
      boolean tooLong = false;
      long began = position;
      int next = in.read();
      for (; next >= 0 && next != '\n'; next = in.read()) {
        position++;
        if (line.size() < LONGEST) {
          line.write(next);
        } else {
          tooLong = true;
        }
      }
      last = next < 0;
      if (!last) {
        position++;
      } else if (position == began) {
        break;
      }
      number++;
      String text = line.toString(StandardCharsets.UTF_8).strip();
      line.reset();
      if (tooLong || !text.isEmpty()) {
        lines.add(new Line(number, tooLong ? "" : text, tooLong));
      }
    }
    return new Batch(lines, position, number, last);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
