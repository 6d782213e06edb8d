/**
 * A simulated device from power-on: bootstrap with its factory certificate, the sealed subscription
 * to its eUICC, registration with every account it was given, Updates until it is switched off. Its
 * first IP path and its radio are assumed, not simulated.
 */
@NullMarked
package org.firstlight.simulator.device;

import org.jspecify.annotations.NullMarked;
