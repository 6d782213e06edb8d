/**
 * The ports to stored state: versioned records, changed together with their events in one atomic
 * commit per device.
 */
@NullMarked
package org.firstlight.fleet.state;

import org.jspecify.annotations.NullMarked;
