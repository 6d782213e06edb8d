/**
 * The LwM2M Server's composition root: every part of the pipeline, in the order in which a device
 * meets it, then the HTTP API. Nothing comes before it but configuration and keys.
 */
@NullMarked
package org.firstlight.dm.main;

import org.jspecify.annotations.NullMarked;
