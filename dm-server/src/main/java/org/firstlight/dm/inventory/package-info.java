/**
 * What the platform knows before a device ever calls: shipped devices, manufacturers, tenants,
 * onboarding plans, object models. Imports and edits are checked whole here, so that bootstrap and
 * registration can rely on what they find; leaves devices {@code EXPECTED}, and takes them out of
 * service again.
 */
@NullMarked
package org.firstlight.dm.inventory;

import org.jspecify.annotations.NullMarked;
