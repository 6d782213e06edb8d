package org.firstlight.benchmarks.bootstrap;

import java.util.Locale;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * A server that is measured, and what it is told to send.
 *
 * @param provider who does its elliptic curves
 */
record Contender(Stack stack, CryptoProvider provider, Requests requests) {
  enum Stack {
    /** {@code firstlight bootstrap-server}: the plan chosen, and all of it stored in Redis. */
    FIRSTLIGHT("Firstlight"),
    /** Leshan's Bootstrap-Server as its builder makes it. */
    LESHAN_STOCK("Leshan, stock"),
    /** With sixteen protocol and four DTLS threads. */
    LESHAN_TUNED("Leshan, tuned");

    private final String words;

    Stack(String words) {
      this.words = words;
    }
  }

  enum Requests {
    /** Delete /, Write /0 and /1, Finish: what the reference sends. */
    FOUR,
    /** Discover, Delete /0 and /1, Write /0 and /1, Finish: the least that we send. */
    SIX,
    /** The same with /13, /10, an APN and a sealed subscription of 1.2 kB. */
    WHOLE
  }

  String words() {
    return "%s, %s".formatted(stack.words, provider.name().toLowerCase(Locale.ROOT));
  }
}
