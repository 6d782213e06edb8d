/**
 * The fleet's memory on Redis: starts one beside the servers or connects to a given one, checks
 * that it keeps what it acknowledges, and hands out the ports of {@code fleet}. Before: the
 * configuration of a server. After: every package that asks for {@link
 * org.firstlight.fleet.state.Stores}.
 */
@NullMarked
package org.firstlight.redis;

import org.jspecify.annotations.NullMarked;
