package org.firstlight.benchmarks.handshake;

import java.util.Locale;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * A server that is measured.
 *
 * @param stack whose it is
 * @param provider who does its elliptic curves
 */
record Subject(Stack stack, CryptoProvider provider) {
  enum Stack {
    /** {@code firstlight dm-server}: its certificates judged, its devices looked up in Redis. */
    FIRSTLIGHT("Firstlight"),
    /** A Leshan server as its builder makes it. */
    LESHAN_STOCK("Leshan, stock"),
    /** With four DTLS threads. */
    LESHAN_TUNED("Leshan, tuned");

    private final String words;

    Stack(String words) {
      this.words = words;
    }
  }

  String words() {
    return "%s, %s".formatted(stack.words, provider.name().toLowerCase(Locale.ROOT));
  }
}
