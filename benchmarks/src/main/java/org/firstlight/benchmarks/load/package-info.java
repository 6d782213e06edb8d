/**
 * The load process: many devices in one JVM of its own, which register, update, notify and send as
 * it is told on its standard input, and answer what the server asks them. It knows nothing of the
 * server that it loads: CoAP by hand over plain UDP, so that it is never the bottleneck.
 */
@NullMarked
package org.firstlight.benchmarks.load;

import org.jspecify.annotations.NullMarked;
