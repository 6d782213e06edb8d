package org.firstlight.redis.node;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Encrypted connections, with the server's certificate and name checked.
 *
 * @param trust PEM file of the certificates to trust; empty for the JVM's trust store
 */
public record Tls(Optional<Path> trust) {}
