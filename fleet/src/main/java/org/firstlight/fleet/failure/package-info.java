/**
 * The one failure vocabulary: each code fixes its CoAP code, HTTP status, log level, metric tag and
 * whether a retry can help.
 */
@NullMarked
package org.firstlight.fleet.failure;

import org.jspecify.annotations.NullMarked;
