/**
 * Our own definitions of the Objects that a 3GPP device is onboarded by: bearer and APN, the
 * subscription, the application's container. Leshan brings the core Objects; these stand beside
 * them in {@link org.firstlight.objects.ObjectModels#builtIn()}.
 */
@NullMarked
package org.firstlight.objects.onboarding;

import org.jspecify.annotations.NullMarked;
