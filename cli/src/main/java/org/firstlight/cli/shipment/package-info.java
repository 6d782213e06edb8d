/** Brings shipment lists to a running platform, and goes on where an earlier try ended. */
@NullMarked
package org.firstlight.cli.shipment;

import org.jspecify.annotations.NullMarked;
