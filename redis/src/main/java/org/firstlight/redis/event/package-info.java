/**
 * The fleet's events, read back from the bounded streams of all shards in one order, from any point
 * on. Before: a commit that appended them. After: the console, the audit, the webhooks.
 */
@NullMarked
package org.firstlight.redis.event;

import org.jspecify.annotations.NullMarked;
