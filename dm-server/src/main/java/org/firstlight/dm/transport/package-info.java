/**
 * The LwM2M Server's endpoints: coaps for peers that the operational CA or an operational PSK
 * vouches for, never a factory certificate; plain coap on loopback where it is switched on. Comes
 * first; each message goes on to {@code registration} or {@code observation} with its proven {@link
 * org.firstlight.dm.transport.Peer}, and {@code operation} sends through it.
 */
@NullMarked
package org.firstlight.dm.transport;

import org.jspecify.annotations.NullMarked;
