/**
 * Group commit: commands of many callers queue per writer, leave as one pipeline, and each caller
 * hears of its own reply. Before: a port that has made keys and arguments. After: Redis, which runs
 * each command or script alone.
 */
@NullMarked
package org.firstlight.redis.pipeline;

import org.jspecify.annotations.NullMarked;
