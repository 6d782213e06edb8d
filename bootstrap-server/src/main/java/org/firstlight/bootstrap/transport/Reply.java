package org.firstlight.bootstrap.transport;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/** What came back for one request to a device. */
public sealed interface Reply {
  /**
   * As an exchange's record shows it: "2.04", or "timeout", "reset", "cancelled", "unreachable".
   */
  String word();

  record Answered(ResponseCode code, byte[] payload) implements Reply {
    @Override
    public String word() {
      return code.text;
    }

    public boolean is(ResponseCode wanted) {
      return code == wanted;
    }
  }

  record Silent(Why why) implements Reply {
    @Override
    public String word() {
      return why.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Why there was no answer. */
  enum Why {
    TIMEOUT,
    /** The device does not know what this is about (RFC 7252 §4.2). */
    RESET,
    /** Somebody here gave it up. */
    CANCELLED,
    /** It could not be sent: the connection is gone. */
    UNREACHABLE
  }
}
