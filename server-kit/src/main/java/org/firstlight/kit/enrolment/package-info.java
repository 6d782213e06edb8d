/**
 * Renewal of operational certificates by EST (RFC 9148 §5.1), at either server. The first
 * certificate is the bootstrap server's to issue.
 */
@NullMarked
package org.firstlight.kit.enrolment;

import org.jspecify.annotations.NullMarked;
