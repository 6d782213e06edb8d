/**
 * Whether a process can do its work right now: named checks, asked by /health. The servers add what
 * they depend on as they start.
 */
@NullMarked
package org.firstlight.kit.health;

import org.jspecify.annotations.NullMarked;
