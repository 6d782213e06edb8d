/**
 * The operational credential that a device gets at bootstrap and shows to the DM server, and
 * secrets encrypted at rest.
 */
@NullMarked
package org.firstlight.fleet.credential;

import org.jspecify.annotations.NullMarked;
