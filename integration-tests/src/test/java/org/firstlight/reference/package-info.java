/**
 * Holds the pages under {@code docs} to the code: {@code reference.md} is made from it, and the
 * examples of {@code operations.md} are read by the reader that the platform uses. A page that no
 * longer says what is so fails the build; {@code -Dfirstlight.update} writes the made one anew.
 */
@NullMarked
package org.firstlight.reference;

import org.jspecify.annotations.NullMarked;
