package org.firstlight.kit.pki;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** PEM text (RFC 7468), within limits. */
public final class Pem {
  /** The largest text that is looked at. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_BLOCKS = 32;
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  /**
   * One {@code BEGIN … END} block.
   *
   * @param label such as {@code CERTIFICATE}
   */
  public record Block(String label, byte[] der) {
    @Override
    public String toString() {
      return "Block[" + label + "]";
    }
  }

  private Pem() {}

  /**
   * Every block of the text, in order; text between blocks is passed over.
   *
   * @throws UnreadableCertificateException if a block is torn, or there is none
   */
  public static List<Block> parse(String text) throws UnreadableCertificateException {
    if (text.length() > MAX_BYTES) {
      throw new UnreadableCertificateException(
          "the PEM text is larger than %d bytes".formatted(MAX_BYTES));
    }
    List<Block> blocks = new ArrayList<>();
    String label = null;
    StringBuilder base64 = new StringBuilder();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        refuse(label != null, "a PEM block begins inside another");
        refuse(blocks.size() == MAX_BLOCKS, "the PEM text has too many blocks");
        label = line.substring(BEGIN.length(), Math.max(BEGIN.length(), line.length() - 5));
        base64.setLength(0);
      } else if (line.startsWith(END)) {
        refuse(label == null, "a PEM block ends without a beginning");
        refuse(!line.equals(END + label + DASHES), "a PEM block ends with another name");
        blocks.add(new Block(String.valueOf(label), decode(base64.toString())));
        label = null;
      } else if (label != null) {
        base64.append(line);
      }
    }
    refuse(label != null, "a PEM block has no end: the text is cut off");
    refuse(blocks.isEmpty(), "there is no PEM block in it");
    return blocks;
  }

  /** The block as text, lines of 64 characters. */
  public static String write(String label, byte[] der) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return BEGIN
        + label
        + DASHES
        + "\n"
        + encoder.encodeToString(der)
        + "\n"
        + END
        + label
        + DASHES
        + "\n";
  }

  private static byte[] decode(String base64) throws UnreadableCertificateException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new UnreadableCertificateException("a PEM block is not base64");
    }
  }

  private static void refuse(boolean when, String reason) throws UnreadableCertificateException {
    if (when) {
      throw new UnreadableCertificateException(reason);
    }
  }
}
