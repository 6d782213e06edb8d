/**
 * What a device is asked to do when it is there: requests wait in its durable queue, in order, and
 * end with an outcome. Before it: whoever wants something of a device that may sleep. After it: the
 * node that holds the device's connection takes one at a time and sends it.
 */
@NullMarked
package org.firstlight.fleet.operation;

import org.jspecify.annotations.NullMarked;
