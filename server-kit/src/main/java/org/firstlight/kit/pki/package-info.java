/**
 * The platform's own keys and certificates, made at first start and loaded ever after, and the
 * reading of everybody else's. Comes right after the configuration; the DTLS endpoints, enrolment
 * and every secret at rest build on it.
 */
@NullMarked
package org.firstlight.kit.pki;

import org.jspecify.annotations.NullMarked;
