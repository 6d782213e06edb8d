package org.firstlight.kit.dtls;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.credential.ResumableSessions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what an abbreviated handshake needs (id, master secret, who the peer is), encrypted, from
 * the end of the whole one on. Unlike a {@link SavedConnections saved connection} it holds no
 * sequence number: each resumption makes new keys, so it is good more than once, after a hard kill
 * too, and at each node.
 */
public final class KeptSessions {
  private static final Logger LOG = LoggerFactory.getLogger(KeptSessions.class);

  /** RFC 5246 §F.1.4 advises against more. */
  static final Duration LIFETIME = Duration.ofHours(24);

  /** A device waits for its answer: better a whole handshake than a late one. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ResumableSessions state;
  private final KeyEncryption encryption;

  public KeptSessions(ResumableSessions state, KeyEncryption encryption) {
    this.state = state;
    this.encryption = encryption;
  }

  /**
   * Waits for nothing: a session that cannot be kept costs its device a whole handshake. One of a
   * raw public key is not: whose that is, the session does not say.
   */
  void keep(DTLSSession session) {
    if (session.getSessionIdentifier().isEmpty()
        || session.getPeerIdentity() instanceof RawPublicKeyIdentity) {
      return;
    }
    String id = session.getSessionIdentifier().getAsString();
    byte[] clear = bytes(session);
    try {
      state
          .keep(id, encryption.encrypt(clear, context(id)), LIFETIME)
          .exceptionally(
              away -> {
                LOG.debug("a DTLS session is not kept", away);
                return null;
              });
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  /** Empty, too, while state is away. */
  CompletionStage<Optional<DTLSSession>> find(SessionId sessionId) {
    String id = sessionId.getAsString();
    return state
        .find(id)
        .thenApply(found -> found.map(box -> open(id, box)))
        .toCompletableFuture()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            fault -> {
              LOG.debug("a kept DTLS session is not to be had", fault);
              return Optional.empty();
            });
  }

  private DTLSSession open(String id, EncryptedSecret box) {
    byte[] clear = encryption.decrypt(box, context(id));
    try {
      return DTLSSession.fromReader(new DatagramReader(clear));
    } finally {
      Arrays.fill(clear, (byte) 0);
    }
  }

  private static byte[] bytes(DTLSSession session) {
    DatagramWriter writer = new DatagramWriter(true);
    try {
      session.writeTo(writer);
      return writer.toByteArray();
    } finally {
      writer.close();
    }
  }

  private static String context(String id) {
    return "dtls-session/" + id;
  }
}
