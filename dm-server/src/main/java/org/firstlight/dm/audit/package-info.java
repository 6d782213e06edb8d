/**
 * Who did what through the API: every write with its principal, action, target and result, written
 * once and never changed. Comes after each act, whether it was done or refused.
 */
@NullMarked
package org.firstlight.dm.audit;

import org.jspecify.annotations.NullMarked;
