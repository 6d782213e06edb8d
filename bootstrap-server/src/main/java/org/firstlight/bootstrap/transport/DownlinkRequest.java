package org.firstlight.bootstrap.transport;

import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;

/** A request to a device whose payload no log shows: it may be a key. */
class DownlinkRequest extends Request {
  DownlinkRequest(Code code) {
    super(code);
  }

  @Override
  protected String getPayloadTracingString() {
    return "%d bytes".formatted(getPayloadSize());
  }
}
