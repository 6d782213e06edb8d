/** Which factory certificates their manufacturers have revoked: lists fetched, held and asked. */
@NullMarked
package org.firstlight.bootstrap.revocation;

import org.jspecify.annotations.NullMarked;
