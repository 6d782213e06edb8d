package org.firstlight.kit.dtls;

import java.security.Principal;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.ResumptionVerificationResult;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.resumption.ConnectionStoreResumptionVerifier;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.eclipse.californium.scandium.util.ServerNames;
import org.firstlight.fleet.device.EndpointName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a device go on with its session by the session's id (RFC 5246 §7.3), but not one that was
 * withdrawn meanwhile: that one needs a whole handshake, which judges it anew. So none slips back
 * in while {@link Eviction} is still ending what it had.
 */
public final class SessionResumption extends ConnectionStoreResumptionVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(SessionResumption.class);

  private final Optional<KeptSessions> sessions;
  private final Judge judge;
  private final Function<Principal, Optional<EndpointName>> names;
  private volatile @Nullable HandshakeResultHandler results;

  /** Says why the peer of a session may not come; answers from another thread. */
  public interface Judge {
    CompletionStage<Optional<String>> reason(EndpointName name, Principal peer);
  }

  /**
   * @param sessions of other processes, where they are kept
   * @param names the endpoint that a session's peer proved in its whole handshake
   */
  public SessionResumption(
      Optional<KeptSessions> sessions,
      Judge judge,
      Function<Principal, Optional<EndpointName>> names) {
    this.sessions = sessions;
    this.judge = judge;
    this.names = names;
  }

  @Override
  public @Nullable ResumptionVerificationResult verifyResumptionRequest(
      ConnectionId cid, @Nullable ServerNames serverName, SessionId sessionId) {
    ResumptionVerificationResult found = super.verifyResumptionRequest(cid, serverName, sessionId);
    @Nullable DTLSSession session = found.getDTLSSession();
    if (session != null) {
      return judged(cid, session);
    }
    if (sessions.isEmpty()) {
      return found;
    }
    sessions.get().find(sessionId).thenAccept(kept -> goOn(cid, kept));
    return null;
  }

  private void goOn(ConnectionId cid, Optional<DTLSSession> kept) {
    @Nullable ResumptionVerificationResult result =
        kept.isPresent()
            ? judged(cid, kept.get())
            : new ResumptionVerificationResult(cid, null, null);
    if (result != null) {
      answer(result);
    }
  }

  /** Null where the answer comes later. */
  private @Nullable ResumptionVerificationResult judged(ConnectionId cid, DTLSSession session) {
    Optional<EndpointName> name = nameOf(session);
    if (name.isEmpty()) {
      return refused(cid, session);
    }
    judge
        .reason(name.get(), session.getPeerIdentity())
        .thenAccept(
            reason ->
                answer(
                    reason.isPresent()
                        ? refused(cid, session)
                        : new ResumptionVerificationResult(cid, session, null)));
    return null;
  }

  /**
   * Empty where nobody can say any more whose it is, as after a change of its manufacturer's rule;
   * and where its certificate has ended since, or the session's own time.
   */
  private Optional<EndpointName> nameOf(DTLSSession session) {
    long age = System.currentTimeMillis() - session.getCreationTime();
    if (age > KeptSessions.LIFETIME.toMillis()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(session.getPeerIdentity())
          .filter(SessionResumption::holds)
          .flatMap(names);
    } catch (RuntimeException odd) {
      LOG.debug("a session's peer has no name that can be read", odd);
      return Optional.empty();
    }
  }

  private static boolean holds(Principal peer) {
    return !(peer instanceof X509CertPath path) || path.getTarget().getNotAfter().after(new Date());
  }

  private static ResumptionVerificationResult refused(ConnectionId cid, DTLSSession session) {
    SecretUtil.destroy(session);
    return new ResumptionVerificationResult(cid, null, null);
  }

  private void answer(ResumptionVerificationResult result) {
    HandshakeResultHandler handler = results;
    if (handler != null) {
      handler.apply(result);
    }
  }

  @Override
  public void setResultHandler(HandshakeResultHandler resultHandler) {
    results = resultHandler;
  }
}
