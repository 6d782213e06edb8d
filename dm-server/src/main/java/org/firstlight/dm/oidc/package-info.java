/**
 * Signing in at an OpenID provider (OpenID Connect Core 1.0, authorization code with PKCE): the
 * provider says who somebody is, never what they may. Ends where {@code access} begins a session.
 */
@NullMarked
package org.firstlight.dm.oidc;

import org.jspecify.annotations.NullMarked;
