/**
 * The bootstrap server, put together: steps 1 to 5 of the journey in their order. Hands the device
 * over, with an operational credential, to the DM server, which it knows by its URI alone.
 */
@NullMarked
package org.firstlight.bootstrap.main;

import org.jspecify.annotations.NullMarked;
