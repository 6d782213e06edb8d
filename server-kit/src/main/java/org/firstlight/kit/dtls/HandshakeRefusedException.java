package org.firstlight.kit.dtls;

import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/**
 * A verifier's no: the alert is what the peer gets, the reason is what the operator reads. Give it
 * to a {@code CertificateVerificationResult}.
 */
public final class HandshakeRefusedException extends HandshakeException {
  /**
   * @param reason a sentence, reported word for word
   */
  public HandshakeRefusedException(AlertDescription alert, String reason) {
    super(reason, new AlertMessage(AlertLevel.FATAL, alert));
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
