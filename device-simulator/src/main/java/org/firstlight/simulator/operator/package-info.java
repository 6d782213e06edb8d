/**
 * The mobile operator's own process: seals subscriptions for eUICCs whose certificates it has
 * checked itself, with a key that never leaves it. The platform gets only the result.
 */
@NullMarked
package org.firstlight.simulator.operator;

import org.jspecify.annotations.NullMarked;
