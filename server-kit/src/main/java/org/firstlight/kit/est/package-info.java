/**
 * Enrollment over Secure Transport (RFC 7030, over CoAP RFC 9148): what a device asks a certificate
 * for, read and checked, and what it gets. Knows nothing of CoAP and of devices.
 */
@NullMarked
package org.firstlight.kit.est;

import org.jspecify.annotations.NullMarked;
