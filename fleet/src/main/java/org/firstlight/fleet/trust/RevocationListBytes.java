package org.firstlight.fleet.trust;

/**
 * A certificate revocation list itself, beside its {@link RevocationStatus}.
 *
 * @param base64 its DER
 */
public record RevocationListBytes(String base64) {}
