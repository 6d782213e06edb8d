/**
 * {@code import}: brings what manufacturers and owners have written to a running platform, with
 * progress, and goes on where it was cut off. Comes before step 0 of the journey.
 */
@NullMarked
package org.firstlight.cli.lists;

import org.jspecify.annotations.NullMarked;
