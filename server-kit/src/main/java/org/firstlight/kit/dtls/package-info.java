/**
 * How a server's DTLS endpoint is set up: suites, threads, Connection IDs, and what becomes known
 * of each handshake. The servers bring their trust (a verifier, a PSK store); their CoAP endpoints
 * come after.
 */
@NullMarked
package org.firstlight.kit.dtls;

import org.jspecify.annotations.NullMarked;
