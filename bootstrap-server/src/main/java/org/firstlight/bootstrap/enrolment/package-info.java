/**
 * The operational credential that this session hands over: a certificate with its key, made,
 * written and wiped, or a PSK. Comes after the plan, which names the kind; the session writes it,
 * and only when that has ended well does it take the place of the one before.
 */
@NullMarked
package org.firstlight.bootstrap.enrolment;

import org.jspecify.annotations.NullMarked;
