/**
 * The operational certificates that were issued: which there are, taking one back, and the CRL that
 * tells others. They come from the bootstrap server and from renewal; whether one lets its device
 * in is asked at the handshake and at registration.
 */
@NullMarked
package org.firstlight.dm.certificate;

import org.jspecify.annotations.NullMarked;
