package org.firstlight.dm.registration;

import org.firstlight.dm.transport.Peer;

/**
 * Who speaks, and from where.
 *
 * @param address as host:port
 */
record Sender(Peer peer, String address) {}
