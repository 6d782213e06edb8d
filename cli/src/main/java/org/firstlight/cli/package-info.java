/**
 * The {@code firstlight} command: one class for each sub-command, and what they share. Comes after
 * everything else: it only starts and calls the other modules.
 */
@NullMarked
package org.firstlight.cli;

import org.jspecify.annotations.NullMarked;
