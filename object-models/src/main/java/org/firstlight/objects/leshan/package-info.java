/**
 * Object models, paths and values in Leshan's own classes, for what speaks LwM2M through Leshan:
 * the servers' transport side and the simulated device. All else keeps to our own types.
 */
@NullMarked
package org.firstlight.objects.leshan;

import org.jspecify.annotations.NullMarked;
