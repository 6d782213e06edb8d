package org.firstlight.kit.dtls;

import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.DtlsHandshakeTimeoutException;
import org.eclipse.californium.scandium.dtls.HandshakeException;

/** Says in words for people why a handshake came to nothing. */
final class HandshakeFailures {
  private HandshakeFailures() {}

  static String inWords(Throwable error) {
    if (error instanceof HandshakeRefusedException refused) {
      return refused.reason();
    }
    String message = String.valueOf(error.getMessage());
    if (error instanceof DtlsHandshakeTimeoutException) {
      return message.contains("Wrong PSK")
          ? "it went silent after our last flight: its pre-shared key is probably not the one known here"
          : "it went silent in the middle of the handshake";
    }
    if (error instanceof HandshakeException handshake) {
      AlertDescription alert = handshake.getAlert().getDescription();
      return message.startsWith("Received")
          ? "the device broke it off: " + deviceSaid(alert)
          : weSaid(alert, message);
    }
    if (message.contains("replaced")) {
      return "the device began again before it had ended";
    }
    return "it could not be brought to its end";
  }

  private static String deviceSaid(AlertDescription alert) {
    return switch (alert) {
      case UNKNOWN_CA, BAD_CERTIFICATE, CERTIFICATE_UNKNOWN, UNSUPPORTED_CERTIFICATE ->
          "it does not accept our certificate (" + alert.getDescription() + ")";
      case CERTIFICATE_EXPIRED -> "it holds our certificate for expired; its clock may be wrong";
      case CLOSE_NOTIFY, USER_CANCELED -> "it closed the connection";
      default -> "it reported " + alert.getDescription();
    };
  }

  private static String weSaid(AlertDescription alert, String message) {
    return switch (alert) {
      case UNKNOWN_CA -> "no trusted CA issued its certificate";
      case CERTIFICATE_EXPIRED -> "its certificate has expired";
      case CERTIFICATE_REVOKED -> "its certificate is revoked";
      case BAD_CERTIFICATE, CERTIFICATE_UNKNOWN, UNSUPPORTED_CERTIFICATE -> certificate(message);
      case UNKNOWN_PSK_IDENTITY -> "its PSK identity is not known here";
      case DECRYPT_ERROR -> "it could not prove that it holds the key";
      case PROTOCOL_VERSION -> "it speaks another version of DTLS";
      case ACCESS_DENIED -> "it may not come in";
      case HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY -> negotiation(message);
      case DECODE_ERROR, ILLEGAL_PARAMETER, UNEXPECTED_MESSAGE ->
          message.contains("length exceeded")
              ? "it sent a message that is larger than is taken, as a chain of large certificates is"
              : "it sent something that does not follow the protocol";
      default -> "it failed with " + alert.getDescription();
    };
  }

  private static String negotiation(String message) {
    if (message.contains("certificate type")) {
      return "it comes with a raw public key, or another kind of credential, that is not taken here";
    }
    return message.contains("ertificate")
        ? "it shows no certificate"
        : "it offers no cipher suite or curve that is allowed here";
  }

  private static String certificate(String message) {
    if (message.contains("certificate type")) {
      return negotiation(message);
    }
    if (message.contains("Certificate required")) {
      return "it shows no certificate";
    }
    return message.contains("Cannot parse")
        ? "a certificate that it sent cannot be read"
        : "its certificate is not acceptable here";
  }
}
