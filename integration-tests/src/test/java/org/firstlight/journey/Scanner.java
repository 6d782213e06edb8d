package org.firstlight.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Looks for secrets in files, in every form in which a program may have written them. */
final class Scanner {
  private final Map<String, byte[]> needles = new LinkedHashMap<>();

  /** Looks for this IMSI (digits) from now on. */
  Scanner imsi(String what, String digits) {
    bytes(what, digits.getBytes(StandardCharsets.US_ASCII));
    needle(what + " in UTF-16", digits.getBytes(StandardCharsets.UTF_16BE));
    String even = digits.length() % 2 == 0 ? digits : digits + "f";
    bytes(what + " in BCD", HexFormat.of().parseHex(even));
    bytes(what + " in swapped BCD", HexFormat.of().parseHex(swapped(even)));
    // 3GPP TS 31.102 §4.2.2: the parity nibble comes before the first digit
    String onCard = (digits.length() % 2 == 1 ? "9" : "1") + digits;
    String padded = onCard.length() % 2 == 0 ? onCard : onCard + "f";
    bytes(what + " as on the card", HexFormat.of().parseHex(swapped(padded)));
    return this;
  }

  /** Looks for this key from now on, and for each half of it. */
  Scanner key(String what, byte[] key) {
    bytes(what, key);
    bytes(what + ", first half", Arrays.copyOf(key, key.length / 2));
    bytes(what + ", second half", Arrays.copyOfRange(key, key.length / 2, key.length));
    return this;
  }

  private void bytes(String what, byte[] secret) {
    needle(what, secret);
    String hex = HexFormat.of().formatHex(secret);
    needle(what + " in hex", ascii(hex));
    needle(what + " in HEX", ascii(hex.toUpperCase(Locale.ROOT)));
    for (int offset = 0; offset < 3; offset++) {
      needle(what + " in base64 at " + offset, ascii(base64(secret, offset)));
    }
  }

  private void needle(String what, byte[] bytes) {
    needles.put(what, bytes);
  }

  /** The characters that the secret alone decides, when so many bytes come before it. */
  private static String base64(byte[] secret, int offset) {
    byte[] shifted = new byte[offset + secret.length];
    System.arraycopy(secret, 0, shifted, offset, secret.length);
    String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int from = (offset * 8 + 5) / 6;
    int to = shifted.length * 8 / 6;
    return text.substring(from, to);
  }

  private static String swapped(String nibbles) {
    StringBuilder swapped = new StringBuilder();
    for (int i = 0; i < nibbles.length(); i += 2) {
      swapped.append(nibbles.charAt(i + 1)).append(nibbles.charAt(i));
    }
    return swapped.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Names of the forms that it knows. */
  List<String> forms() {
    return List.copyOf(needles.keySet());
  }

  byte[] form(String name) {
    return Objects.requireNonNull(needles.get(name)).clone();
  }

  /** What was found where, in every file below this folder; empty if nothing was. */
  List<String> search(Path folder) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] content = Files.readAllBytes(file);
        needles.forEach(
            (what, needle) -> {
              if (contains(content, needle)) {
                found.add(folder.relativize(file) + ": " + what);
              }
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static boolean contains(byte[] content, byte[] needle) {
    for (int at = 0; at + needle.length <= content.length; at++) {
      int same = 0;
      while (same < needle.length && content[at + same] == needle[same]) {
        same++;
      }
      if (same == needle.length) {
        return true;
      }
    }
    return false;
  }
}
