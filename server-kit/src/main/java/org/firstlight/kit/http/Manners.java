package org.firstlight.kit.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.util.Map;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.config.HttpConfig;

/** What every answer carries, and which requests are not meant for us. */
final class Manners {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
              + " base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          // a one-time sign-in link must not travel on
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          // the page where a device is claimed reads the code on its box
          "camera=(self), geolocation=(), microphone=()",
          // static files say something else
          "Cache-Control",
          "no-store");

  private Manners() {}

  static void add(JavalinConfig config, HttpConfig http) {
    config.routes.before(
        ctx -> {
          HEADERS.forEach(ctx::header);
          if (http.tls().isPresent()) {
            ctx.header("Strict-Transport-Security", "max-age=31536000");
          }
          if (isLoopback(http.host()) && !http.trustedProxy() && !isForUs(ctx, http)) {
            Problem.of(421, FailureCode.FORBIDDEN, "this listener answers to names of this machine")
                .answer(ctx);
            ctx.skipRemainingHandlers();
          }
        });
  }

  /** A page of the open web that names its own host and resolves it to us does not get in. */
  private static boolean isForUs(Context ctx, HttpConfig http) {
    String host = ctx.header("Host");
    if (host == null) {
      return false;
    }
    String name = host.replaceFirst(":[0-9]*$", "");
    return isLoopback(name)
        || http.publicUrl().map(URI::getHost).filter(name::equalsIgnoreCase).isPresent();
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
