/**
 * The catalogue of object models: what an Object, a Resource and a value may be. Plans and
 * configurations are checked against it before anything is sent to a device; the answers that come
 * back are read by it.
 */
@NullMarked
package org.firstlight.objects;

import org.jspecify.annotations.NullMarked;
