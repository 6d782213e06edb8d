/**
 * The device's object tree: 0, 1, 3, 4, 5, 10, 11, 13, 19 and 505 with values that live. Stands on
 * Leshan's object enablers; bootstrap and the servers write to it, the engine reads its accounts
 * from it.
 */
@NullMarked
package org.firstlight.simulator.objects;

import org.jspecify.annotations.NullMarked;
