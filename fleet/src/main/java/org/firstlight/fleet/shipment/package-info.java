/** A manufacturer's shipment list on its way in: what a node holds of it, and how far it is. */
@NullMarked
package org.firstlight.fleet.shipment;

import org.jspecify.annotations.NullMarked;
