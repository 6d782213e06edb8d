package org.firstlight.dm.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A token as its holder has it, {@code fl_<id>_<secret>}: the id finds the record, the secret of
 * 256 random bits lets in.
 */
record TokenText(String id, String secret) {
  private static final Pattern FORM = Pattern.compile("fl_([a-z0-9]{10})_([A-Za-z0-9_-]{43})");
  private static final String ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  static TokenText random() {
    StringBuilder id = new StringBuilder();
    RANDOM.ints(10, 0, ID_LETTERS.length()).forEach(i -> id.append(ID_LETTERS.charAt(i)));
    byte[] secret = new byte[32];
    RANDOM.nextBytes(secret);
    return new TokenText(
        id.toString(), Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  static Optional<TokenText> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    return matcher.matches()
        ? Optional.of(new TokenText(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  String text() {
    return "fl_" + id + "_" + secret;
  }

  /** What follows from this secret and the salt: the same for each who has both. */
  TokenText renewed(String salt) {
    return new TokenText(
        id, Base64.getUrlEncoder().withoutPadding().encodeToString(digest(salt + secret)));
  }

  static String randomSalt() {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    return HexFormat.of().formatHex(salt);
  }

  String secretSha256() {
    return sha256(secret);
  }

  /** In the same time whatever the secret is. */
  boolean opens(String secretSha256) {
    return MessageDigest.isEqual(
        secretSha256().getBytes(StandardCharsets.US_ASCII),
        secretSha256.getBytes(StandardCharsets.US_ASCII));
  }

  /** Follows from the secret, and does not lead back: what a page shows to prove it is ours. */
  String csrf() {
    return sha256("csrf " + secret).substring(0, 32);
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(digest(text));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "TokenText[" + id + "]";
  }
}
