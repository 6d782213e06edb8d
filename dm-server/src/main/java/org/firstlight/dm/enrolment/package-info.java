/**
 * Renewal of operational certificates over the connection that the one in use has opened (RFC
 * 9148). The first certificate is the bootstrap server's to issue.
 */
@NullMarked
package org.firstlight.dm.enrolment;

import org.jspecify.annotations.NullMarked;
