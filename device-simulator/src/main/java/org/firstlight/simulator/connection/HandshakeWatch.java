package org.firstlight.simulator.connection;

import java.time.Duration;
import java.util.Optional;

/** Hears of every handshake that this device began. Called on a protocol thread. */
public interface HandshakeWatch {
  /**
   * @param failure why it failed, in words; empty if it did not
   */
  void ended(ServerAccount account, Duration took, Optional<String> failure);
}
