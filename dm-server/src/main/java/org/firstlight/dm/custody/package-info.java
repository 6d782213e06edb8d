/**
 * Keeps mobile operators' sealed subscriptions: what is imported is checked by its signature and
 * header alone, for nothing here can open it. Comes after {@code inventory}, which knows the
 * eUICCs; bootstrap hands the package to the device, and {@code connectivity} reads the receipt.
 */
@NullMarked
package org.firstlight.dm.custody;

import org.jspecify.annotations.NullMarked;
