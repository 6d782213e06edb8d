/**
 * DTLS to the bootstrap server and to every DM server at once: one CoAP endpoint per account, each
 * with the account's own credential and trust. The engine opens and closes them; what a server
 * sends down goes to the object tree with that server's name on it.
 */
@NullMarked
package org.firstlight.simulator.connection;

import org.jspecify.annotations.NullMarked;
