/**
 * The HTTP base of a server: JSON with strict reading, problems as RFC 9457, limits, security
 * headers, the console's files, event streams. A server adds its routes.
 */
@NullMarked
package org.firstlight.kit.http;

import org.jspecify.annotations.NullMarked;
