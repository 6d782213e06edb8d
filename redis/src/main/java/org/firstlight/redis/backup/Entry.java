package org.firstlight.redis.backup;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The unit of a backup: lists of byte strings, each list and each string with its length in front,
 * so that whatever Redis holds comes back as it was.
 */
record Entry(List<List<byte[]>> lists) {
  /** No more than a home can have; a file that claims more is not ours. */
  static final int MOST_BYTES = 64 << 20;

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, lists.size());
    for (List<byte[]> list : lists) {
      number(out, list.size());
      for (byte[] text : list) {
        number(out, text.length);
        out.writeBytes(text);
      }
    }
    return out.toByteArray();
  }

  /**
   * @throws BackupRefusedException if the bytes are not an entry
   */
  static Entry parse(ByteBuffer in) {
    List<List<byte[]>> lists = new ArrayList<>();
    for (int left = count(in); left > 0; left--) {
      List<byte[]> list = new ArrayList<>();
      for (int texts = count(in); texts > 0; texts--) {
        byte[] text = new byte[count(in)];
        in.get(text);
        list.add(text);
      }
      lists.add(list);
    }
    if (in.hasRemaining()) {
      throw new BackupRefusedException("an entry is longer than what is in it");
    }
    return new Entry(lists);
  }

  /** A list that must be there. */
  List<byte[]> list(int index) {
    if (index >= lists.size()) {
      throw new BackupRefusedException("an entry has less in it than it should");
    }
    return lists.get(index);
  }

  private static void number(ByteArrayOutputStream out, int number) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /** A length or count: each of what it counts takes a byte at least, so more cannot be true. */
  private static int count(ByteBuffer in) {
    int count = in.remaining() < Integer.BYTES ? -1 : in.getInt();
    if (count < 0 || count > in.remaining()) {
      throw new BackupRefusedException("an entry has a length that cannot be");
    }
    return count;
  }
}
