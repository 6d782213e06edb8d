/**
 * What an Object is: its Resources with type, operations, multiplicity and range. Definitions come
 * from Leshan's core models, from our own onboarding set, or from a user's DDF; {@link
 * org.firstlight.objects.ObjectModels} gathers them and checks values by them.
 */
@NullMarked
package org.firstlight.objects.definition;

import org.jspecify.annotations.NullMarked;
