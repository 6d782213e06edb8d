/**
 * Takes signed shipment lists of any length: their bytes come in pieces, and when all are here and
 * the signature is good, the lines are applied in the background, by {@code inventory}. Whatever
 * ends the process, the next one goes on where this one was.
 */
@NullMarked
package org.firstlight.dm.shipment;

import org.jspecify.annotations.NullMarked;
