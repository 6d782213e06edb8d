package org.firstlight.kit.dtls;

import java.net.InetSocketAddress;

/**
 * Learns of every handshake. Called on a DTLS thread: it must neither block nor throw; what takes
 * time goes elsewhere.
 */
public interface HandshakeListener {
  /**
   * The peer is authenticated, its session stands.
   *
   * @param ms from its first flight to its end
   */
  void established(InetSocketAddress address, long ms);

  /** It came to nothing, for the reason in the report. */
  void failed(HandshakeReport report);
}
