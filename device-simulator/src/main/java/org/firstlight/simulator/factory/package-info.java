/**
 * What happens before a device is ever switched on: a manufacturer's CA, factory certificates, the
 * eUICCs and their maker's root, the subscription root and an operator under it. Everything goes to
 * folders outside the platform's data directory; the platform gets the shipment list and the public
 * certificates.
 */
@NullMarked
package org.firstlight.simulator.factory;

import org.jspecify.annotations.NullMarked;
