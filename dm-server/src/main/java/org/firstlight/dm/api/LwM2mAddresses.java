package org.firstlight.dm.api;

import java.net.URI;
import java.util.Optional;

/**
 * Where devices reach the LwM2M servers, with the ports that were really taken.
 *
 * @param bootstrap coaps URI of the bootstrap server; empty where nobody knows of one
 * @param bootstrapPlain coap URI on loopback; empty where plain coap is off
 * @param dm coaps URI of the DM server
 * @param dmPlain coap URI on loopback; empty where plain coap is off
 */
public record LwM2mAddresses(
    Optional<URI> bootstrap, Optional<URI> bootstrapPlain, URI dm, Optional<URI> dmPlain) {}
