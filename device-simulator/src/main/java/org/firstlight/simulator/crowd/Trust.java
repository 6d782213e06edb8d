package org.firstlight.simulator.crowd;

/**
 * By what a device knows a server.
 *
 * @param certificate the server's, or its CA's, DER
 * @param usage certificate usage, LwM2M Core 1.1.1 §E.1 Resource 15
 */
record Trust(byte[] certificate, int usage) {
  /** The CA that a factory gave a device for its Bootstrap-Server. */
  static final int TRUST_ANCHOR = 2;
}
