package org.firstlight.kit.subscription;

import java.security.cert.X509Certificate;

/**
 * A package that {@link PackageCheck} has accepted.
 *
 * @param sha256 hex digest of the whole package
 * @param operator certificate that signed it
 * @param bytes how long it is
 */
public record SealedPackage(
    SubscriptionHeader header, String sha256, X509Certificate operator, int bytes) {}
