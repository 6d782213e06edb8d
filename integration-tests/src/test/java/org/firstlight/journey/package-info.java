/**
 * Whole journeys, over real sockets: a platform with its Redis, a factory, a mobile operator, a
 * service provider, and devices whose eUICC runs in a process of its own. {@link
 * org.firstlight.journey.World} sets the stage; each test then tells what happens on it. Nothing
 * comes after: what these tests show is what a user sees.
 */
@NullMarked
package org.firstlight.journey;

import org.jspecify.annotations.NullMarked;
