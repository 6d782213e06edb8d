/**
 * Asks a manufacturer's OCSP responder, at a device's handshake and again when the answer is stale,
 * whether its certificate is revoked. No protocol thread waits. Comes within trust; what it finds
 * is a reason to refuse, or none.
 */
@NullMarked
package org.firstlight.bootstrap.ocsp;

import org.jspecify.annotations.NullMarked;
