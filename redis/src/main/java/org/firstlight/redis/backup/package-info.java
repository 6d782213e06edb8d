/**
 * A copy of all state in one file, checked by checksum: written while the servers run, one home at
 * a time as it is at one moment, and read back into an empty Redis. Before: an operator's command.
 * After: servers that start on what was restored, and refuse half of it.
 */
@NullMarked
package org.firstlight.redis.backup;

import org.jspecify.annotations.NullMarked;
