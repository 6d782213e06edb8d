package org.firstlight.kit.coap;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers to devices. */
public final class CoapAnswers {
  /** When a device comes back after a fault that passes, unless the caller knows better. */
  public static final Duration RETRY = Duration.ofSeconds(10);

  /** Half of a client's first retransmission (RFC 7252 §4.8): by then it wants a sign of life. */
  private static final Duration ACKNOWLEDGE_AFTER = Duration.ofSeconds(1);

  private static final LateAcknowledgements LATE = new LateAcknowledgements(ACKNOWLEDGE_AFTER);

  /** A diagnostic must fit beside the header in one small datagram. */
  private static final int MAX_DIAGNOSTIC_BYTES = 200;

  private static final Logger LOG = LoggerFactory.getLogger(CoapAnswers.class);

  private CoapAnswers() {}

  /** The refusal as its code's response; with {@link #RETRY} as Max-Age if a retry can help. */
  public static Response refusal(Failure failure) {
    Response response = response(code(failure.code()), failure.reason());
    if (failure.code().retryable()) {
      response.getOptions().setMaxAge(RETRY.toSeconds());
    }
    return response;
  }

  /** 5.03: come back after this time (RFC 7252 §5.9.3.4); real clients never do after a 4.00. */
  public static Response notNow(String reason, Duration maxAge) {
    Response response = response(ResponseCode.SERVICE_UNAVAILABLE, reason);
    response.getOptions().setMaxAge(Math.max(1, maxAge.toSeconds()));
    return response;
  }

  /** A response with the reason as diagnostic payload, cut to fit a small datagram. */
  public static Response response(ResponseCode code, String diagnostic) {
    Response response = new Response(code);
    response.setPayload(diagnosticBytes(diagnostic));
    return response;
  }

  /** The CoAP code of the one failure table. */
  public static ResponseCode code(FailureCode code) {
    return ResponseCode.valueOf(code.coapCode() / 100 << 5 | code.coapCode() % 100);
  }

  /**
   * Answers when the stage completes, on whatever thread; acknowledges the request by itself when
   * that takes longer than a second. A stage that fails is answered too: 5.03 when state is away,
   * else 5.00, and logged here.
   */
  public static void respondLater(CoapExchange exchange, CompletionStage<Response> answer) {
    AtomicBoolean answered = new AtomicBoolean();
    answer.whenComplete(
        (response, error) -> {
          answered.set(true);
          Response given = error == null ? response : afterError(error);
          exchange.advanced().execute(() -> exchange.respond(given));
        });
    if (!answered.get()) {
      LATE.watch(
          () -> exchange.advanced().execute(() -> acknowledge(exchange, answered)), answered);
    }
  }

  private static void acknowledge(CoapExchange exchange, AtomicBoolean answered) {
    if (!answered.get()) {
      exchange.accept();
    }
  }

  private static Response afterError(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof DependencyUnavailableException) {
      return refusal(
          Failure.of(FailureCode.DEPENDENCY_UNAVAILABLE, "the server cannot store this now"));
    }
    LOG.error("a request from a device failed inside the server", cause);
    return refusal(Failure.of(FailureCode.INTERNAL, "the server failed"));
  }

  /** Whole characters only. */
  private static byte[] diagnosticBytes(String text) {
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    ByteBuffer bytes = ByteBuffer.allocate(MAX_DIAGNOSTIC_BYTES);
    encoder.encode(CharBuffer.wrap(text), bytes, true);
    bytes.flip();
    byte[] payload = new byte[bytes.remaining()];
    bytes.get(payload);
    return payload;
  }
}
