package org.firstlight.kit.subscription;

/**
 * A look at hostile bytes before any parser sees them: one value, definite and shortest lengths,
 * everything inside its parent, and not nested beyond what the form needs. Works in place, without
 * recursion.
 */
final class DerScan {
  private static final int MAX_DEPTH = 24;
  private static final int CONSTRUCTED = 0x20;
  private static final int LONG_TAG = 0x1f;

  private final byte[] bytes;
  private int position;

  private DerScan(byte[] bytes) {
    this.bytes = bytes;
  }

  static void check(byte[] bytes, String what) throws MalformedPackageException {
    new DerScan(bytes).scan(what);
  }

  private void scan(String what) throws MalformedPackageException {
    int[] ends = new int[MAX_DEPTH];
    int depth = 0;
    ends[0] = bytes.length;
    while (position < bytes.length) {
      int tag = next(what);
      refuse((tag & LONG_TAG) == LONG_TAG, what, "has a tag that no sealed subscription has");
      int length = length(what);
      int end = position + length;
      refuse(length < 0 || end > ends[depth], what, "is cut off, or a length in it is wrong");
      if ((tag & CONSTRUCTED) != 0) {
        depth++;
        refuse(depth == MAX_DEPTH, what, "is nested too deep");
        ends[depth] = end;
      } else {
        position = end;
      }
      while (depth > 0 && position == ends[depth]) {
        depth--;
      }
      refuse(depth == 0 && position < bytes.length, what, "has bytes after its end");
    }
    refuse(depth > 0 || bytes.length == 0, what, "is cut off");
  }

  private int length(String what) throws MalformedPackageException {
    int first = next(what);
    if (first < 0x80) {
      return first;
    }
    int count = first & 0x7f;
    refuse(count == 0, what, "is not in DER: it has an indefinite length");
    refuse(count > 3, what, "has a length that is too large");
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | next(what);
    }
    refuse(
        length < 0x80 || length >> 8 * (count - 1) == 0,
        what,
        "is not in DER: a length is not the shortest");
    return length;
  }

  private int next(String what) throws MalformedPackageException {
    refuse(position >= bytes.length, what, "is cut off");
    return bytes[position++] & 0xff;
  }

  private static void refuse(boolean when, String what, String reason)
      throws MalformedPackageException {
    if (when) {
      throw new MalformedPackageException("the %s %s".formatted(what, reason));
    }
  }
}
