/**
 * Object definitions that a user gives, as OMA's XML files (DDF, schema 1.0 and 1.1). The file may
 * come from anyone: it is read within limits, fetches nothing, and is loaded whole or refused with
 * a reason. What was loaded joins {@link org.firstlight.objects.ObjectModels}.
 */
@NullMarked
package org.firstlight.objects.ddf;

import org.jspecify.annotations.NullMarked;
