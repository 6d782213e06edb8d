/**
 * Runs simulated devices as a process: {@link org.firstlight.simulator.SimulatorMain}, one JSON
 * line per step on standard output. What is simulated: radio and first IP path, the eUICC's
 * hardware, the factory and the operator; what is real: DTLS, CoAP, LwM2M, CMS.
 */
@NullMarked
package org.firstlight.simulator;

import org.jspecify.annotations.NullMarked;
