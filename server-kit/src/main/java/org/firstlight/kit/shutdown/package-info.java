/**
 * The end of a process: what was opened is closed in reverse order, on SIGTERM, Ctrl-C or by hand.
 * A composition root adds each part as it starts it.
 */
@NullMarked
package org.firstlight.kit.shutdown;

import org.jspecify.annotations.NullMarked;
