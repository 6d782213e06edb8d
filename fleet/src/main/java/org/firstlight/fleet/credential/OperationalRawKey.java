package org.firstlight.fleet.credential;

import java.time.Instant;
import org.firstlight.fleet.device.EndpointName;

/**
 * A raw public key (RFC 7250) that a bootstrap handed over with its private half, of which nothing
 * is kept. It names no endpoint by itself: a hint by its hash leads here, and this says whether it
 * is still good. Record ids are those of {@link OperationalCertificate}.
 *
 * @param keySha256 hex digest of its SubjectPublicKeyInfo
 */
public record OperationalRawKey(
    EndpointName endpointName, int account, String keySha256, Instant createdAt) {}
