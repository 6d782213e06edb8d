/** What others check operational certificates by: the list of those that were revoked. */
@NullMarked
package org.firstlight.dm.enrolment;

import org.jspecify.annotations.NullMarked;
