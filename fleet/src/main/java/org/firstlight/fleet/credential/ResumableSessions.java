package org.firstlight.fleet.credential;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * DTLS sessions that a device may resume by their id (RFC 5246 §7.3) at any node, and after a
 * server ended without a word. They pass by themselves, and are in no backup.
 */
public interface ResumableSessions {
  /**
   * @param id of the session, in hex
   * @param lifetime after which nobody finds it any more
   */
  CompletionStage<Void> keep(String id, EncryptedSecret session, Duration lifetime);

  CompletionStage<Optional<EncryptedSecret>> find(String id);
}
