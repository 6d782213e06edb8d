/**
 * The processes of a measurement: Redis, the server that is measured, the load. Each is started
 * fresh, watched from outside (CPU from {@code /proc}, heap by {@code jcmd}), and ended.
 */
@NullMarked
package org.firstlight.benchmarks.process;

import org.jspecify.annotations.NullMarked;
