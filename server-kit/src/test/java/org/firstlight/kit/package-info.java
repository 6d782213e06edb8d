/** Test bed of the kit: certificates of every kind, good and bad. */
@NullMarked
package org.firstlight.kit;

import org.jspecify.annotations.NullMarked;
