package org.firstlight.bootstrap.trust;

import java.util.List;
import org.firstlight.bootstrap.ocsp.OcspQuestion;

/** Whether a factory certificate is believed. */
public sealed interface Verdict {
  record Trusted(Peer.Factory peer) implements Verdict {}

  /**
   * Nothing here speaks against it, but others have to be asked.
   *
   * @param questions at least one
   */
  record Asking(Trusted ifGood, List<OcspQuestion> questions) implements Verdict {
    public Asking {
      questions = List.copyOf(questions);
    }
  }

  /**
   * @param reason one sentence for operators, with names from the certificate
   */
  record Distrusted(Cause cause, String reason) implements Verdict {}

  /** What the device is told, by its TLS alert. */
  enum Cause {
    UNKNOWN_CA,
    /** Expired, or not yet valid (RFC 5246 §7.2.2 has one alert for both). */
    NOT_CURRENT,
    REVOKED,
    /** Nobody can say now that it is not revoked. */
    UNKNOWN_REVOCATION,
    BAD_CERTIFICATE
  }

  static Distrusted no(Cause cause, String reason) {
    return new Distrusted(cause, reason);
  }
}
