/**
 * DTLS handshakes with certificates: what one costs a server, ours and Leshan's, with each provider
 * of elliptic curves, beside what {@code openssl} does on the same machine.
 */
@NullMarked
package org.firstlight.benchmarks.handshake;

import org.jspecify.annotations.NullMarked;
