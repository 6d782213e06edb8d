/**
 * What a power cut in a whole town costs: thousands of simulated devices that come in for the first
 * time, lose their power, and all come back at once; and whether the platform knows each of them
 * afterwards, with the certificate that it holds.
 */
@NullMarked
package org.firstlight.benchmarks.powercut;

import org.jspecify.annotations.NullMarked;
