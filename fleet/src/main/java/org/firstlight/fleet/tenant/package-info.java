/**
 * Actors of the platform: tenants, their principals and tokens, and the PLMN policy of a mobile
 * operator.
 */
@NullMarked
package org.firstlight.fleet.tenant;

import org.jspecify.annotations.NullMarked;
