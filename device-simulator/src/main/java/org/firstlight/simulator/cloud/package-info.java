/**
 * The service provider's cloud, as small as can be: a listener on loopback that lets in a device
 * with exactly the credential that its owner's configuration wrote to /19.
 */
@NullMarked
package org.firstlight.simulator.cloud;

import org.jspecify.annotations.NullMarked;
