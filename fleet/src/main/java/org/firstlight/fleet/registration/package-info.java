/**
 * A device's registration with one server account, and the port that stores it. Comes after
 * bootstrap; configuration and operations read it.
 */
@NullMarked
package org.firstlight.fleet.registration;

import org.jspecify.annotations.NullMarked;
