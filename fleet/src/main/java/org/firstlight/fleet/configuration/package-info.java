/**
 * A third party's desired configuration, the values that devices report, and the drift between
 * them.
 */
@NullMarked
package org.firstlight.fleet.configuration;

import org.jspecify.annotations.NullMarked;
