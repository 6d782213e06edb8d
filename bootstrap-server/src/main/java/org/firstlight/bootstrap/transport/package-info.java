/**
 * The coaps port: DTLS by factory certificate, {@code /bs} answered later from any thread, and the
 * way down to the device for a session's requests, on the same connection. Everything else comes
 * after; what is asked goes to a {@link org.firstlight.bootstrap.transport.BootstrapHandler}.
 */
@NullMarked
package org.firstlight.bootstrap.transport;

import org.jspecify.annotations.NullMarked;
