package org.firstlight.kit.http;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** The body of an answer to us, of which no more is taken than a limit. */
public final class LimitedBody implements BodySubscriber<byte[]> {
  /** The answer was larger than it may be. */
  public static final class TooLargeException extends RuntimeException {
    private final int most;

    private TooLargeException(int most) {
      super("larger than %d bytes".formatted(most));
      this.most = most;
    }

    /** For operators. */
    public String sentence() {
      return "it is larger than %d bytes".formatted(most);
    }
  }

  private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
  private final int most;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Subscription source =
      new Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };
  private long taken;

  private LimitedBody(int most) {
    this.most = most;
    whole
        .getBody()
        .whenComplete(
            (bytes, fault) -> {
              if (fault == null) {
                body.complete(bytes);
              } else {
                body.completeExceptionally(fault);
              }
            });
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    source = subscription;
    whole.onSubscribe(subscription);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    taken += item.stream().mapToLong(ByteBuffer::remaining).sum();
    if (taken > most) {
      source.cancel();
      body.completeExceptionally(new TooLargeException(most));
      return;
    }
    whole.onNext(item);
  }

  @Override
  public void onError(Throwable fault) {
    whole.onError(fault);
  }

  @Override
  public void onComplete() {
    whole.onComplete();
  }

  /** Takes at most so many bytes; fails with a {@link TooLargeException}. */
  public static BodyHandler<byte[]> of(int most) {
    return head -> new LimitedBody(most);
  }
}
