/**
 * Who vouches for a device: manufacturers, their identity rule, and the identity that a factory
 * certificate proves. Comes before admission.
 */
@NullMarked
package org.firstlight.fleet.trust;

import org.jspecify.annotations.NullMarked;
