/**
 * One request to a registered device and its answer: read, write, execute, observe, discover, with
 * Leshan's codecs over the device's own DTLS connection. Comes after {@code registration} has heard
 * of the device; configuration, connectivity and the API ask through it, and no other way leads to
 * a device. One request at a time goes to a device (RFC 7252 §4.7, NSTART = 1).
 */
@NullMarked
package org.firstlight.dm.operation;

import org.jspecify.annotations.NullMarked;
