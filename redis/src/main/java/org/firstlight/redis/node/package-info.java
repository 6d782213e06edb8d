/**
 * Where Redis is: one node, the master that sentinels name, or the masters of a cluster; and how a
 * connection to each is opened and signed in. Before: the settings. After: the pipelines, which
 * send each shard's commands to the node that holds it.
 */
@NullMarked
package org.firstlight.redis.node;

import org.jspecify.annotations.NullMarked;
