/**
 * {@code ./firstlight bench state}: what registrations, observations and lists cost, ours beside
 * Leshan's stores, each in turn on a fresh Redis with the same devices and messages; prints ratios
 * and targets.
 */
@NullMarked
package org.firstlight.benchmarks.state;

import org.jspecify.annotations.NullMarked;
