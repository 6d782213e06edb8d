package org.firstlight.kit.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;

/**
 * An error answer (RFC 9457).
 *
 * @param title the status' own words, since {@code type} is about:blank
 * @param code stable word that clients may act on: a {@link FailureCode}
 * @param detail one sentence for people
 */
public record Problem(String type, String title, int status, FailureCode code, String detail) {
  static final String CONTENT_TYPE = "application/problem+json";

  /** The one mapping from failures to HTTP. */
  public static Problem of(Failure failure) {
    return of(failure.code().httpStatus(), failure.code(), failure.reason());
  }

  static Problem of(int status, FailureCode code, String detail) {
    return new Problem(
        "about:blank", HttpStatus.forStatus(status).getMessage(), status, code, detail);
  }

  /** Answers the request with the failure; one that passes carries Retry-After. */
  public static void answer(Context ctx, Failure failure) {
    of(failure).answer(ctx);
  }

  void answer(Context ctx) {
    if (code.retryable()) {
      ctx.header("Retry-After", "5");
    }
    ctx.status(status).json(this).contentType(CONTENT_TYPE);
  }
}
