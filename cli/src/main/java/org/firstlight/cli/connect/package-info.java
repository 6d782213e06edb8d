/**
 * {@code connect}: lets an engineer's own client in and shows live what it does. Calls the API of a
 * running platform.
 */
@NullMarked
package org.firstlight.cli.connect;

import org.jspecify.annotations.NullMarked;
