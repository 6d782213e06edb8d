/**
 * What happened in one bootstrap: each exchange with path, result and milliseconds, never a secret
 * value.
 */
@NullMarked
package org.firstlight.fleet.session;

import org.jspecify.annotations.NullMarked;
