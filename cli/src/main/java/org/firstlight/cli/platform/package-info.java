/**
 * Both servers in one process: opens state, keys and metrics once, starts the servers on them, and
 * closes all in reverse. {@code up}, {@code demo} and the one-server commands start here.
 */
@NullMarked
package org.firstlight.cli.platform;

import org.jspecify.annotations.NullMarked;
