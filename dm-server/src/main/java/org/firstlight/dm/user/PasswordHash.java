package org.firstlight.dm.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) of a password, as a PHC string: {@code $argon2id$v=19$m=…,t=…,p=…$salt$hash}.
 *
 * @param memoryKib memory that one hash takes, in KiB
 */
record PasswordHash(int memoryKib, int iterations, int lanes, byte[] salt, byte[] hash) {
  /** What new passwords are hashed with: OWASP's least for Argon2id. */
  static final int MEMORY_KIB = 19 * 1024;

  static final int ITERATIONS = 2;
  static final int LANES = 1;

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int MOST_MEMORY_KIB = 256 * 1024;
  private static final int MOST_ITERATIONS = 20;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})"
              + "\\$([A-Za-z0-9+/]{11,64})\\$([A-Za-z0-9+/]{22,86})");

  static PasswordHash of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return with(password, MEMORY_KIB, ITERATIONS, LANES, salt, HASH_BYTES);
  }

  /**
   * @throws IllegalArgumentException if it is not such a string, or would cost beyond reason
   */
  static PasswordHash parse(String phc) {
    Matcher matcher = PHC.matcher(phc);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("a stored password is not Argon2id in PHC form");
    }
    PasswordHash parsed =
        new PasswordHash(
            Integer.parseInt(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3)),
            Base64.getDecoder().decode(matcher.group(4)),
            Base64.getDecoder().decode(matcher.group(5)));
    if (parsed.memoryKib > MOST_MEMORY_KIB || parsed.iterations > MOST_ITERATIONS) {
      throw new IllegalArgumentException("a stored password costs beyond reason to check");
    }
    return parsed;
  }

  private static PasswordHash with(
      String password, int memoryKib, int iterations, int lanes, byte[] salt, int bytes) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(iterations)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] text = password.getBytes(StandardCharsets.UTF_8);
    byte[] hash = new byte[bytes];
    try {
      generator.generateBytes(text, hash);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
    return new PasswordHash(memoryKib, iterations, lanes, salt, hash);
  }

  boolean matches(String password) {
    byte[] other = with(password, memoryKib, iterations, lanes, salt, hash.length).hash;
    return MessageDigest.isEqual(hash, other);
  }

  /** Whether it is hashed with less than new ones are. */
  boolean isWeak() {
    return memoryKib < MEMORY_KIB
        || (memoryKib == MEMORY_KIB && iterations < ITERATIONS)
        || hash.length < HASH_BYTES;
  }

  String phc() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, iterations, lanes, base64.encodeToString(salt), base64.encodeToString(hash));
  }

  @Override
  public String toString() {
    return "PasswordHash[]";
  }
}
