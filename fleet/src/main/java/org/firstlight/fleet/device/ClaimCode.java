package org.firstlight.fleet.device;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** The code on a device's box. Only its hash is ever stored. */
public final class ClaimCode {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Without letters and digits that look alike. */
  private static final String LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

  private static final int LENGTH = 16;
  private static final int SHORTEST = 8;
  private static final int LONGEST = 100;

  private ClaimCode() {}

  /** A new code of 80 random bits, in groups of four. */
  public static String random() {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < LENGTH; i++) {
      if (i > 0 && i % 4 == 0) {
        code.append('-');
      }
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }

  /** Why this cannot be a code, without repeating it. */
  public static Optional<String> fault(String code) {
    int length = normal(code).length();
    return length < SHORTEST || length > LONGEST
        ? Optional.of("a code has %d to %d letters and digits".formatted(SHORTEST, LONGEST))
        : Optional.empty();
  }

  /** Hex SHA-256 of the code in upper case without spaces and dashes. */
  public static String sha256(String code) {
    return hash(normal(code));
  }

  /**
   * The same of a code that is good for one tenant alone: no code that anybody can type has this
   * hash without the tenant.
   *
   * @param tenant its id, as it is
   */
  public static String sha256For(String code, String tenant) {
    // no typed code has a line's end in it once it is normal
    return hash(normal(code) + '\n' + tenant);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String normal(String code) {
    return code.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
  }
}
