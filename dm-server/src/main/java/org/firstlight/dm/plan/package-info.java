/**
 * Onboarding plans as people write them: checked, kept in every version, compared, tried on a
 * device. Comes before {@code org.firstlight.kit.plan}, which makes what a device is written of
 * them, in a bootstrap and in a dry run alike.
 */
@NullMarked
package org.firstlight.dm.plan;

import org.jspecify.annotations.NullMarked;
