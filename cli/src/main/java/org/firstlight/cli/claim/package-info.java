/**
 * {@code import claims}: claims a fleet by the codes from its boxes. Calls the API of a running
 * platform.
 */
@NullMarked
package org.firstlight.cli.claim;

import org.jspecify.annotations.NullMarked;
