package org.firstlight.kit.dtls;

import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.crypto.SecretKey;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeResult;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.kit.pki.Certificates;
import org.jspecify.annotations.Nullable;

/**
 * Follows each handshake from its first flight to its end. Who the peer says it is becomes known
 * where its certificate or PSK identity passes by, so that a refused one has a name too.
 */
final class HandshakeWatch extends SessionAdapter {
  private static final class Attempt {
    private final Handshaker handshaker;
    private final InetSocketAddress address;
    private final long startedNanos = System.nanoTime();
    private volatile Optional<X509Certificate> leaf = Optional.empty();
    private volatile Optional<String> identity = Optional.empty();
    private final AtomicBoolean unknownPsk = new AtomicBoolean();

    Attempt(Handshaker handshaker) {
      this.handshaker = handshaker;
      @Nullable InetSocketAddress peer = handshaker.getPeerAddress();
      this.address = peer == null ? new InetSocketAddress(0) : peer;
    }

    long ms() {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }
  }

  private final HandshakeListener listener;
  private final Consumer<DTLSSession> made;
  private final HandshakeLimits limits;

  /** An attempt lives no longer than its connection, which holds the key. */
  private final Map<ConnectionId, Attempt> attempts =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param made takes the session of each whole handshake
   */
  HandshakeWatch(HandshakeListener listener, Consumer<DTLSSession> made, HandshakeLimits limits) {
    this.listener = listener;
    this.made = made;
    this.limits = limits;
  }

  @Override
  public void handshakeStarted(Handshaker handshaker) {
    Attempt attempt = new Attempt(handshaker);
    limits.began(attempt.address.getAddress());
    Attempt before = attempts.put(handshaker.getConnection().getConnectionId(), attempt);
    if (before != null) {
      limits.ended(before.address.getAddress());
    }
  }

  @Override
  public void contextEstablished(Handshaker handshaker, DTLSContext context) {
    take(
        handshaker,
        attempt -> {
          // a resumed session shows no credential again
          if (attempt.leaf.isPresent() || attempt.identity.isPresent()) {
            made.accept(context.getSession());
          }
          listener.established(attempt.address, attempt.ms());
        });
  }

  @Override
  public void handshakeFailed(Handshaker handshaker, Throwable error) {
    take(
        handshaker,
        attempt -> {
          if (!attempt.unknownPsk.get()) {
            listener.failed(report(attempt, HandshakeFailures.inWords(error)));
          }
        });
  }

  /**
   * Scandium lets a handshake with an unknown identity die of silence, so that nobody can ask which
   * ones exist; the operator is told at once.
   */
  private void answered(@Nullable HandshakeResult result) {
    if (result instanceof PskSecretResult psk && psk.getSecret() == null) {
      Attempt attempt = attempts.get(psk.getConnectionId());
      if (attempt != null && attempt.unknownPsk.compareAndSet(false, true)) {
        listener.failed(report(attempt, "its PSK identity is not known here"));
      }
    }
  }

  private void take(Handshaker handshaker, Consumer<Attempt> then) {
    ConnectionId id = handshaker.getConnection().getConnectionId();
    Attempt attempt = attempts.get(id);
    if (attempt != null && attempt.handshaker == handshaker && attempts.remove(id, attempt)) {
      limits.ended(attempt.address.getAddress());
      then.accept(attempt);
    }
  }

  private static HandshakeReport report(Attempt attempt, String reason) {
    return new HandshakeReport(
        attempt.address,
        attempt
            .leaf
            .map(leaf -> leaf.getSubjectX500Principal().getName())
            .or(() -> attempt.identity),
        attempt.leaf.map(leaf -> leaf.getIssuerX500Principal().getName()),
        attempt.ms(),
        reason);
  }

  private void shown(ConnectionId id, CertPath path) {
    Attempt attempt = attempts.get(id);
    if (attempt != null
        && path != null
        && !path.getCertificates().isEmpty()
        && path.getCertificates().get(0) instanceof X509Certificate leaf) {
      attempt.leaf = Optional.of(leaf);
    }
  }

  private void shown(ConnectionId id, @Nullable PublicKey key, @Nullable CertPath path) {
    Attempt attempt = attempts.get(id);
    if (attempt != null && key != null && path == null) {
      attempt.identity = Optional.of("raw public key sha256:" + Certificates.keySha256(key));
    }
  }

  private void shown(ConnectionId id, PskPublicInformation identity) {
    Attempt attempt = attempts.get(id);
    if (attempt != null) {
      attempt.identity = Optional.of(identity.getPublicInfoAsString());
    }
  }

  NewAdvancedCertificateVerifier watching(NewAdvancedCertificateVerifier verifier) {
    return new NewAdvancedCertificateVerifier() {
      @Override
      public List<CertificateType> getSupportedCertificateTypes() {
        return verifier.getSupportedCertificateTypes();
      }

      @Override
      public @Nullable CertificateVerificationResult verifyCertificate(
          ConnectionId cid,
          @Nullable ServerNames serverName,
          InetSocketAddress remotePeer,
          boolean clientUsage,
          boolean verifySubject,
          boolean truncateCertificatePath,
          CertificateMessage message) {
        shown(cid, message.getCertificateChain());
        shown(cid, message.getPublicKey(), message.getCertificateChain());
        return verifier.verifyCertificate(
            cid,
            serverName,
            remotePeer,
            clientUsage,
            verifySubject,
            truncateCertificatePath,
            message);
      }

      @Override
      public List<X500Principal> getAcceptedIssuers() {
        return verifier.getAcceptedIssuers();
      }

      @Override
      public void setResultHandler(HandshakeResultHandler resultHandler) {
        verifier.setResultHandler(resultHandler);
      }
    };
  }

  AdvancedPskStore watching(AdvancedPskStore store) {
    return new AdvancedPskStore() {
      @Override
      public boolean hasEcdhePskSupported() {
        return store.hasEcdhePskSupported();
      }

      @Override
      public @Nullable PskSecretResult requestPskSecretResult(
          ConnectionId cid,
          @Nullable ServerNames serverName,
          PskPublicInformation identity,
          String hmacAlgorithm,
          @Nullable SecretKey otherSecret,
          byte[] seed,
          boolean useExtendedMasterSecret) {
        shown(cid, identity);
        PskSecretResult result =
            store.requestPskSecretResult(
                cid,
                serverName,
                identity,
                hmacAlgorithm,
                otherSecret,
                seed,
                useExtendedMasterSecret);
        answered(result);
        return result;
      }

      @Override
      public @Nullable PskPublicInformation getIdentity(
          InetSocketAddress peerAddress, @Nullable ServerNames virtualHost) {
        return store.getIdentity(peerAddress, virtualHost);
      }

      @Override
      public void setResultHandler(HandshakeResultHandler resultHandler) {
        store.setResultHandler(
            result -> {
              answered(result);
              resultHandler.apply(result);
            });
      }
    };
  }
}
