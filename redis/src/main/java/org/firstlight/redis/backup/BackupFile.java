package org.firstlight.redis.backup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The form of a backup's file: a line that names it, blocks, and the SHA-256 of all before.
 *
 * <pre>
 * FIRSTLIGHT-BACKUP 1
 * block: letter of the section, deflated length, inflated length, SHA-256 of all that and of
 *        the deflated bytes, then these; inflated: entries, each with its length in front
 * …
 * block M: the manifest, as JSON
 * letter Z, SHA-256 of every byte before this letter
 * </pre>
 *
 * Numbers are four bytes, the highest first.
 */
final class BackupFile {
  static final int FORMAT = 1;
  static final String NAME = "FIRSTLIGHT-BACKUP ";
  static final byte MANIFEST = 'M';
  static final byte END = 'Z';
  static final int DIGEST_BYTES = 32;

  /** A block is closed when it is as long, and no longer than this and one entry. */
  static final int BLOCK_BYTES = 1 << 20;

  static final int MOST_BLOCK_BYTES = BLOCK_BYTES + Entry.MOST_BYTES + Integer.BYTES;

  static byte[] firstLine() {
    return (NAME + FORMAT + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private BackupFile() {}
}
