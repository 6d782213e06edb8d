/**
 * Whether a device may bootstrap now: its proven identity owns the Endpoint Client Name, it is
 * known, neither revoked nor retired, and claimed. Comes after trust; a plan is composed for who is
 * admitted, the others get 4.00, or 5.03 where coming later can help.
 */
@NullMarked
package org.firstlight.bootstrap.admission;

import org.jspecify.annotations.NullMarked;
