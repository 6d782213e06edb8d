/**
 * What changes most: registrations, written by one lean script each, and the last reported values
 * of a device. Before: a Register, an Update, a Notify or a Send that has been checked. After: the
 * device's acknowledgement.
 */
@NullMarked
package org.firstlight.redis.device;

import org.jspecify.annotations.NullMarked;
