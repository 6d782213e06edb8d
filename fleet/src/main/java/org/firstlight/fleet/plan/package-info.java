/**
 * What a device of this owner and model is given at bootstrap, as a document. Read by the bootstrap
 * server, which composes and checks it for one device.
 */
@NullMarked
package org.firstlight.fleet.plan;

import org.jspecify.annotations.NullMarked;
