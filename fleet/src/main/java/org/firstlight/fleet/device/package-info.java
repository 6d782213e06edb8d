/**
 * A device of the fleet, the states of its onboarding and who owns it. Import and claim write it
 * first, every later step of the journey moves it on.
 */
@NullMarked
package org.firstlight.fleet.device;

import org.jspecify.annotations.NullMarked;
