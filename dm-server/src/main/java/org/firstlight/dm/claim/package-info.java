/**
 * Takes a device into its owner's tenant by the code from its box, and hands it over to the next
 * owner. Comes after {@code inventory}, and wakes nothing: a device that waits for its owner comes
 * by itself at its next try. Leaves it {@code CLAIMED}.
 */
@NullMarked
package org.firstlight.dm.claim;

import org.jspecify.annotations.NullMarked;
