/**
 * The operator's {@code backup} and {@code restore}: state and, where asked for, keys, in one file.
 * Before: a platform that runs or stands still. After: one that goes on from there, here or on
 * another machine.
 */
@NullMarked
package org.firstlight.cli.backup;

import org.jspecify.annotations.NullMarked;
