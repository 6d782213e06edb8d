/** A small LwM2M device and a running server for the tests of this module. */
@NullMarked
package org.firstlight.dm;

import org.jspecify.annotations.NullMarked;
