/**
 * Who is asking, and what they may do: tokens and sessions, one table of roles and routes, and one
 * table of roles and LwM2M paths. Comes before every answer of the API, and again before every
 * write to a device.
 */
@NullMarked
package org.firstlight.dm.access;

import org.jspecify.annotations.NullMarked;
