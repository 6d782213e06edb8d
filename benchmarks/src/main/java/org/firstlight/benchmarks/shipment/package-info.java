/** Imports a long signed shipment list into a real server that dies in the middle. */
@NullMarked
package org.firstlight.benchmarks.shipment;

import org.jspecify.annotations.NullMarked;
