package org.firstlight.bootstrap.revocation;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.firstlight.kit.http.LimitedBody;
import org.firstlight.kit.pki.RevocationList;
import org.firstlight.kit.pki.UnreadableRevocationListException;

/** Fetches a revocation list by HTTP, within limits of size and time. */
final class RevocationDownload {
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final int OK = 200;

  private final HttpClient http;
  private final Duration patience;

  /**
   * @param executor looks names up too, and may wait for that
   * @param patience for the whole of it
   */
  RevocationDownload(Executor executor, Duration patience) {
    this.patience = patience;
    http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECTING)
            // the operator named this place, and no other
            .followRedirects(Redirect.NEVER)
            .executor(executor)
            .build();
  }

  /** Why there is no list; the message is a sentence for operators. */
  static final class FailedException extends RuntimeException {
    FailedException(String message) {
      super(message);
    }
  }

  /** The list; fails with a {@link FailedException}, whatever the other side does. */
  CompletionStage<RevocationList> from(String url) {
    HttpRequest request;
    try {
      request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(patience)
              .header("Accept", "application/pkix-crl")
              .build();
    } catch (IllegalArgumentException odd) {
      return CompletableFuture.failedStage(new FailedException("its URL cannot be asked"));
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, LimitedBody.of(RevocationList.MAX_BYTES));
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
              return list(response);
            });
  }

  private static RevocationList list(HttpResponse<byte[]> response) {
    if (response.statusCode() != OK) {
      throw new FailedException("it was answered with status " + response.statusCode());
    }
    try {
      return RevocationList.parse(response.body());
    } catch (UnreadableRevocationListException unreadable) {
      throw new FailedException("what was answered is not taken: " + unreadable.getMessage());
    }
  }

  private static FailedException failed(Throwable fault) {
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof FailedException known) {
      return known;
    }
    if (cause instanceof LimitedBody.TooLargeException large) {
      return new FailedException(large.sentence());
    }
    boolean slow =
        cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException;
    return new FailedException(
        slow ? "it was not answered in time" : "its server cannot be reached or broke off");
  }
}
