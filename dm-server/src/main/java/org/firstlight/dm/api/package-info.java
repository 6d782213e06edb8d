/**
 * The HTTP API: one table of routes, each with the permission that it takes, as {@code
 * openapi.yaml} describes them. Comes last: it asks and tells every other package, and none of them
 * knows it.
 */
@NullMarked
package org.firstlight.dm.api;

import org.jspecify.annotations.NullMarked;
