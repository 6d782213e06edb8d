@NullMarked
package org.firstlight.fleet.operation;

import org.jspecify.annotations.NullMarked;
