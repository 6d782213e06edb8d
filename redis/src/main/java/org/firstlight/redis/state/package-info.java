/**
 * Versioned records of a home, changed together with their index and events by one script, and
 * listed across the shards. Before: a change made by either server. After: {@code
 * org.firstlight.redis.event} tells of it.
 */
@NullMarked
package org.firstlight.redis.state;

import org.jspecify.annotations.NullMarked;
