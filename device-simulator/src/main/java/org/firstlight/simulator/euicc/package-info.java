/**
 * The eUICC: a process of its own that alone holds the keys a sealed subscription opens with. It
 * checks each package completely, stores the profile durably, then answers with a receipt it signs.
 * A device reaches it through {@link org.firstlight.simulator.euicc.Euicc}. It shows secrecy on the
 * wire and on the platform, not the tamper resistance of real hardware.
 */
@NullMarked
package org.firstlight.simulator.euicc;

import org.jspecify.annotations.NullMarked;
