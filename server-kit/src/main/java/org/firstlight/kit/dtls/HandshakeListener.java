package org.firstlight.kit.dtls;

/**
 * Learns of every handshake. Called on a DTLS thread: it must neither block nor throw; what takes
 * time goes elsewhere.
 */
public interface HandshakeListener {
  /** The peer is authenticated, its session stands. */
  void established(HandshakeReport report);

  /** It came to nothing, for the reason in the report. */
  void failed(HandshakeReport report);
}
