package org.firstlight.badluck;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;

/** What may break, and how it is mended by who runs the machines: devices get no help. */
enum Fault {
  /** A server's process is gone from one moment to the next, and is started again. */
  SERVER_KILLED {
    @Override
    Instant strike(Scene scene) throws IOException {
      scene.server().kill();
      scene.server().startAgain();
      return ALL;
    }
  },

  /** Redis is gone from one moment to the next, and is started again on its append-only file. */
  REDIS_KILLED {
    @Override
    Instant strike(Scene scene) throws IOException {
      scene.redis().kill();
      scene.wire().pullOut();
      scene.redis().startAgain();
      scene.survey();
      scene.wire().plugIn();
      return ALL;
    }
  };

  /** Nothing that was acknowledged may be lost. */
  static final Instant ALL = Instant.MAX;

  /**
   * Breaks it, and mends it.
   *
   * @return before when an effect was acknowledged that must not be lost
   */
  abstract Instant strike(Scene scene) throws IOException;

  /** For people. */
  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
