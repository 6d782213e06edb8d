/**
 * What became of the subscription: the eUICC's signed receipt is read and checked, and so is what
 * the device says of its profile. Comes after {@code registration} with the operator's account;
 * leaves the subscription {@code INSTALLED}, {@code ENABLED} or {@code FAILED}.
 */
@NullMarked
package org.firstlight.dm.connectivity;

import org.jspecify.annotations.NullMarked;
