/**
 * What ours is measured beside, each in a process of its own: Californium that only answers, and a
 * Leshan server with one of its own registration stores. Told what to do by lines on standard
 * input.
 */
@NullMarked
package org.firstlight.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
