package org.firstlight.bootstrap.transport;

import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A Bootstrap-Request as it came in (LwM2M Core 1.1.1 §6.1.3).
 *
 * @param endpointName {@code ep}, not checked
 * @param preferredFormat {@code pct}, the content format that the device likes best
 * @param principal what its connection has proven; null on plain coap
 * @param address the device's, as host:port
 * @param handshake how long its handshake took, if it was not long ago
 * @param peer where it can be reached
 */
public record BootstrapRequest(
    Optional<String> endpointName,
    OptionalInt preferredFormat,
    @Nullable Principal principal,
    String address,
    Optional<Duration> handshake,
    DevicePeer peer) {}
