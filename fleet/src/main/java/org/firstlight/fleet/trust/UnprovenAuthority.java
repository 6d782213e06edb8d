package org.firstlight.fleet.trust;

import java.time.Instant;

/**
 * A CA that a manufacturer names and has not yet shown to be its own: it vouches for nobody until
 * it has signed a certificate whose common name is the challenge.
 *
 * @param keySha256 hex SHA-256 of the CA's public key (SubjectPublicKeyInfo)
 * @param challenge random, made for this key of this manufacturer; no secret
 */
public record UnprovenAuthority(String keySha256, String challenge, Instant askedAt) {}
