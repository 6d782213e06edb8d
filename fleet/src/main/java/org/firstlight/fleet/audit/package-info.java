/** Who did what: the acts of people and programs, kept apart from what devices do. */
@NullMarked
package org.firstlight.fleet.audit;

import org.jspecify.annotations.NullMarked;
