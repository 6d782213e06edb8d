/**
 * Where a value lives on a device: Object, Object Instance, Resource, Resource Instance. Everything
 * that names a value, from an onboarding plan to a drift report, names it by such a path; what the
 * path may hold is then told by {@link org.firstlight.objects.ObjectModels}.
 */
@NullMarked
package org.firstlight.objects.path;

import org.jspecify.annotations.NullMarked;
