package org.firstlight.dm.inventory;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads NDJSON of any length in little memory; empty lines count and are passed over. */
public final class Lines {
  private final int maxLineBytes;
  private final int maxLines;
  private final long maxBytes;

  public Lines(int maxLineBytes, int maxLines, long maxBytes) {
    this.maxLineBytes = maxLineBytes;
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
  }

  /** Takes a line. */
  public interface Sink {
    void take(int line, String json);
  }

  /** Hands each line to the sink; one that is too long is refused, and a list that is, ends. */
  public void read(InputStream stream, ImportReport report, Sink sink) throws IOException {
    InputStream in = new BufferedInputStream(stream, 64 * 1024);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long bytes = 0;
    int number = 1;
    boolean tooLong = false;
    int next;
    do {
      next = in.read();
      if (++bytes > maxBytes || number > maxLines) {
        report.refuse(number, "the list is too long: this line and what follows was not read");
        return;
      }
      if (next >= 0 && next != '\n') {
        if (line.size() < maxLineBytes) {
          line.write(next);
        } else {
          tooLong = true;
        }
        continue;
      }
      String text = line.toString(StandardCharsets.UTF_8).strip();
      if (tooLong) {
        report.refuse(number, "the line has more than %d bytes".formatted(maxLineBytes));
      } else if (!text.isEmpty()) {
        sink.take(number, text);
      }
      line.reset();
      tooLong = false;
      number++;
    } while (next >= 0);
  }
}
