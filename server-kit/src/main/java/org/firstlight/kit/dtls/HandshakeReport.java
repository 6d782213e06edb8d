package org.firstlight.kit.dtls;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A handshake that came to nothing, as its end showed it.
 *
 * @param subject name in the peer's certificate, its PSK identity, or the hash of its raw public
 *     key; empty if it came that far with none
 * @param issuer name of its certificate's issuer
 * @param ms from its first flight to its end
 * @param reason why it failed, a sentence for people
 */
public record HandshakeReport(
    InetSocketAddress address,
    Optional<String> subject,
    Optional<String> issuer,
    long ms,
    String reason) {}
