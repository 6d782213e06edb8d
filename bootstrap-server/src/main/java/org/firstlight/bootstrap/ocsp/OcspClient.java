package org.firstlight.bootstrap.ocsp;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.firstlight.kit.http.LimitedBody;
import org.firstlight.kit.pki.OcspQuery;
import org.firstlight.kit.pki.OcspStatement;
import org.firstlight.kit.pki.UnusableOcspResponseException;

/** Asks one responder one question by HTTP (RFC 6960 appendix A), within limits. */
final class OcspClient {
  private static final int OK = 200;

  private final HttpClient http;
  private final Clock clock;

  /**
   * @param executor looks names up too, and may wait for that
   */
  OcspClient(Executor executor, Clock clock) {
    this.clock = clock;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // the operator named this place, and no other
            .followRedirects(Redirect.NEVER)
            .executor(executor)
            .build();
  }

  /** Why there is no answer that counts; the message is a sentence for operators. */
  static final class FailedException extends RuntimeException {
    FailedException(String message) {
      super(message);
    }
  }

  /** What it says; fails with a {@link FailedException}, whatever the other side does. */
  CompletionStage<OcspStatement> ask(OcspQuestion question) {
    Duration patience = question.responder().patience();
    OcspQuery query = OcspQuery.about(question.certificate(), question.issuer());
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(URI.create(question.responder().url()))
              .timeout(patience)
              .header("Content-Type", "application/ocsp-request")
              .header("Accept", "application/ocsp-response")
              .POST(BodyPublishers.ofByteArray(query.request()))
              .build();
    } catch (IllegalArgumentException odd) {
      return CompletableFuture.failedStage(new FailedException("its URL cannot be asked"));
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, LimitedBody.of(OcspQuery.MAX_BYTES));
    // the request's own timeout ends with the head of the answer; a copy, for what is complete
    // cannot be cancelled
    return answer
        .copy()
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, fault) -> {
              if (fault != null) {
                answer.cancel(true);
                throw failed(fault);
              }
              return statement(question, query, response);
            });
  }

  private OcspStatement statement(
      OcspQuestion question, OcspQuery query, HttpResponse<byte[]> response) {
    if (response.statusCode() != OK) {
      throw new FailedException("it answered with HTTP status " + response.statusCode());
    }
    try {
      return query.read(
          response.body(), clock.instant(), question.responder().staleAfter(), question.denied());
    } catch (UnusableOcspResponseException unusable) {
      throw new FailedException(unusable.getMessage());
    }
  }

  private static FailedException failed(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof LimitedBody.TooLargeException) {
      return new FailedException(
          "its answer is larger than %d bytes".formatted(OcspQuery.MAX_BYTES));
    }
    boolean slow = cause instanceof TimeoutException || cause instanceof HttpTimeoutException;
    return new FailedException(
        slow ? "it did not answer in time" : "it cannot be reached or broke off");
  }
}
