package org.firstlight.dm.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that has to come at some pace: who sends a byte now and then would hold a thread for as
 * long as it likes.
 */
final class PacedBody extends FilterInputStream {
  private static final long GRACE_NANOS = 10_000_000_000L;
  private static final double SLOWEST_PER_SECOND = 200;

  private final long begun = System.nanoTime();
  private long taken;

  PacedBody(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    count(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = super.read(bytes, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int more) throws IOException {
    taken += more;
    long nanos = System.nanoTime() - begun;
    if (nanos > GRACE_NANOS && taken / (nanos / 1e9) < SLOWEST_PER_SECOND) {
      throw new IOException("the body comes too slowly");
    }
  }
}
