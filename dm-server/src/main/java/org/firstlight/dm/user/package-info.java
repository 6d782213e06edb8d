/**
 * The people of a tenant: who they are, their passwords, and how they sign in while others guess.
 * Comes before {@code access}, which knows them by their tokens from then on.
 */
@NullMarked
package org.firstlight.dm.user;

import org.jspecify.annotations.NullMarked;
