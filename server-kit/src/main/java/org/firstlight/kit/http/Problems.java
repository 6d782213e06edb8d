package org.firstlight.kit.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ExceptionHandler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import org.firstlight.fleet.event.EventThrottle;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ends a request early into a problem; what was sent is never echoed. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private static final Duration QUIET = Duration.ofSeconds(10);

  private Problems() {}

  static void add(JavalinConfig config) {
    EventThrottle throttle = new EventThrottle(QUIET, Clock.systemUTC());
    on(config, RefusedException.class, (e, ctx) -> Problem.answer(ctx, e.failure()));
    on(
        config,
        DependencyUnavailableException.class,
        (e, ctx) -> {
          if (throttle.allow("state")) {
            LOG.warn("state cannot be reached: requests that need it are answered 503");
          }
          LOG.debug("why state cannot be reached", e);
          Problem.answer(
              ctx,
              Failure.of(FailureCode.DEPENDENCY_UNAVAILABLE, "state cannot be reached just now"));
        });
    on(config, JsonProcessingException.class, (e, ctx) -> Problem.answer(ctx, malformed(e)));
    on(config, HttpResponseException.class, (e, ctx) -> ofStatus(e.getStatus()).answer(ctx));
    on(
        config,
        Exception.class,
        (e, ctx) -> {
          LOG.error("{} {} failed inside the server", ctx.method(), ctx.req().getRequestURI(), e);
          Problem.answer(
              ctx, Failure.of(FailureCode.INTERNAL, "the server failed; its log says why"));
        });
    for (HttpStatus status :
        new HttpStatus[] {
          HttpStatus.NOT_FOUND, HttpStatus.METHOD_NOT_ALLOWED, HttpStatus.CONTENT_TOO_LARGE
        }) {
      config.routes.error(status, ctx -> nameless(ctx));
    }
  }

  /**
   * Answers where there is still a request: Jetty takes it from a stream that ends together with
   * its connection. What is thrown here Javalin would hand to us again, without end.
   */
  private static <E extends Exception> void on(
      JavalinConfig config, Class<E> type, ExceptionHandler<E> handler) {
    config.routes.exception(
        type,
        (e, ctx) -> {
          try {
            handler.handle(e, ctx);
          } catch (RuntimeException gone) {
            LOG.debug("nobody is left to be answered", e);
          }
        });
  }

  /** Gives an error that no handler of ours has answered its problem. */
  private static void nameless(Context ctx) {
    String type = ctx.res().getContentType();
    if (type == null || !type.startsWith(Problem.CONTENT_TYPE)) {
      ofStatus(ctx.statusCode()).answer(ctx);
    }
  }

  private static Failure malformed(JsonProcessingException e) {
    String place =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return Failure.of(
        FailureCode.MALFORMED, "the body is not the JSON that is wanted here" + place);
  }

  private static Problem ofStatus(int status) {
    return switch (status) {
      case 400 -> Problem.of(status, FailureCode.MALFORMED, "the request is malformed");
      case 401 -> Problem.of(status, FailureCode.UNAUTHENTICATED, "sign in first");
      case 403 -> Problem.of(status, FailureCode.FORBIDDEN, "this is not allowed");
      case 404 -> Problem.of(status, FailureCode.NOT_FOUND, "there is nothing here");
      case 405 -> Problem.of(status, FailureCode.UNSUPPORTED, "this cannot be done here");
      case 406 -> Problem.of(status, FailureCode.UNSUPPORTED, "Accept leaves out what is here");
      case 413 -> Problem.of(status, FailureCode.MALFORMED, "the body is too large");
      case 415 -> Problem.of(status, FailureCode.UNSUPPORTED, "the body has a type not read here");
      case 429 -> Problem.of(status, FailureCode.RATE_LIMITED, "too much at once");
      default ->
          status < 500
              ? Problem.of(status, FailureCode.MALFORMED, "the request cannot be served")
              : Problem.of(status, FailureCode.INTERNAL, "the server failed; its log says why");
    };
  }
}
