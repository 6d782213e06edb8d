package org.firstlight.dm.api;

import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.time.Duration;
import org.firstlight.dm.access.SignIn;

/**
 * Cookies for the console's calls, out of reach of scripts and of other sites.
 *
 * @param https whether browsers reach us by https alone
 */
record Cookies(boolean https) {
  /** The session with this token text. */
  Cookie session(String text) {
    return of(Gate.COOKIE, text, SignIn.SESSION_LIFETIME);
  }

  Cookie noSession() {
    return of(Gate.COOKIE, "", Duration.ZERO);
  }

  Cookie of(String name, String value, Duration lifetime) {
    return new Cookie(
        name, value, "/api", (int) lifetime.toSeconds(), https, true, null, SameSite.STRICT);
  }
}
