/**
 * What this node remembers of each registered device: where it was last heard, who it proved to be,
 * and by which versions of its records it was let in. Fed by {@code registration} and {@code
 * observation}; {@code operation} asks it where to send. Empty after a restart, and filled again as
 * devices are heard of.
 */
@NullMarked
package org.firstlight.dm.presence;

import org.jspecify.annotations.NullMarked;
