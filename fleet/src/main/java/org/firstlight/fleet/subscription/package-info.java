/**
 * Sealed subscriptions in custody: what the platform may know of a package that only one eUICC can
 * open.
 */
@NullMarked
package org.firstlight.fleet.subscription;

import org.jspecify.annotations.NullMarked;
