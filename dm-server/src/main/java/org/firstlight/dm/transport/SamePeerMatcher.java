package org.firstlight.dm.transport;

import java.security.Principal;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.PrincipalEndpointContextMatcher;
import org.eclipse.californium.elements.util.Bytes;

/**
 * Knows a device by who it proved to be, wherever it speaks from: its address may change in the
 * middle of an exchange. What is to go to a certain session goes to no other.
 */
final class SamePeerMatcher extends PrincipalEndpointContextMatcher {
  /** A peer as the destination of a request: the connection's own principal is not kept. */
  record Destination(Peer peer) implements Principal {
    @Override
    public String getName() {
      return peer.toString();
    }
  }

  @Override
  public Object getEndpointIdentity(EndpointContext context) {
    return Peers.of(context);
  }

  @Override
  public boolean isToBeSent(EndpointContext message, EndpointContext connection) {
    if (connection == null) {
      return true;
    }
    Bytes session = message.get(DtlsEndpointContext.KEY_SESSION_ID);
    return super.isToBeSent(message, connection)
        && (session == null || session.equals(connection.get(DtlsEndpointContext.KEY_SESSION_ID)));
  }

  @Override
  protected boolean matchPrincipals(Principal requested, Principal available) {
    return requested == available || Peers.of(requested).equals(Peers.of(available));
  }
}
