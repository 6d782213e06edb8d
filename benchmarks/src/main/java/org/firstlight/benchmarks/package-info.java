/**
 * {@code ./firstlight bench}: whole-system measurements, ours beside the reference stack in one
 * run. One package for each bench, and those that they share: the processes, the load, the peers.
 */
@NullMarked
package org.firstlight.benchmarks;

import org.jspecify.annotations.NullMarked;
