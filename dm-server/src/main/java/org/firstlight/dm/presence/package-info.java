/**
 * Where each registered device was last heard, in this node's memory: address, proven identity, and
 * when. Fed by {@code registration} and {@code observation}; {@code operation} asks it where to
 * send. Empty after a restart, and filled again as devices are heard of.
 */
@NullMarked
package org.firstlight.dm.presence;

import org.jspecify.annotations.NullMarked;
