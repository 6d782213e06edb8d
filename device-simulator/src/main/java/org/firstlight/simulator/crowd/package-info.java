/**
 * Thousands of devices in one process: one CoAP endpoint and one DTLS connector carry them all, and
 * each awake device speaks from a source address of its own, as behind a NAT. A device here has its
 * factory certificate, DTLS with Connection IDs, a bootstrap with EST and a registration in queue
 * mode; its eUICC is not simulated, and of what is written to it only the accounts are kept. For a
 * device in full see {@code org.firstlight.simulator.device}.
 */
@NullMarked
package org.firstlight.simulator.crowd;

import org.jspecify.annotations.NullMarked;
