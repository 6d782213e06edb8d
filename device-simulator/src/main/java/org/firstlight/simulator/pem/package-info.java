/**
 * Keys and certificates as PEM files, readable by their owner alone where they are secret. The
 * factory writes them; device, eUICC and operator read each their own folder.
 */
@NullMarked
package org.firstlight.simulator.pem;

import org.jspecify.annotations.NullMarked;
