package org.firstlight.bootstrap.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.firstlight.bootstrap.transport.Downlink;
import org.firstlight.bootstrap.transport.Reply;
import org.firstlight.bootstrap.transport.Reply.Answered;
import org.firstlight.bootstrap.transport.Reply.Why;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.session.Exchange;
import org.firstlight.kit.plan.AccountCredential;
import org.firstlight.kit.plan.CheckedPlan;
import org.firstlight.kit.plan.PlannedWrite;
import org.firstlight.objects.path.LwM2mPath;

/**
 * The exchanges of one session, one after the other. The first failure ends it: Finish is sent only
 * over a plan that stands as a whole.
 */
final class SessionRun {
  private static final CompletionStage<Optional<Failure>> FINE =
      CompletableFuture.completedStage(Optional.empty());

  private final CheckedPlan plan;
  private final AccountCredential credential;
  private final Downlink device;
  private final OptionalInt preferredFormat;
  private final LwM2mModel model;
  private final Clock clock;
  private final Consumer<Exchange> kept;
  private volatile DeviceObjects objects = DeviceObjects.UNKNOWN;
  private volatile boolean cancelled;

  /**
   * @param kept takes each exchange when it has ended
   */
  SessionRun(
      SessionStart start, Downlink device, LwM2mModel model, Clock clock, Consumer<Exchange> kept) {
    this.plan = start.plan();
    this.credential = start.enrolled().credential();
    this.preferredFormat = start.request().preferredFormat();
    this.device = device;
    this.model = model;
    this.clock = clock;
    this.kept = kept;
  }

  /** Why the session failed; empty when Finish is acknowledged. */
  CompletionStage<Optional<Failure>> run() {
    return begun()
        .thenCompose(unless(this::discover))
        .thenCompose(unless(() -> each(plan.deletes(), 0, this::delete)))
        .thenCompose(unless(() -> each(plan.writes(credential), 0, this::write)))
        .thenCompose(unless(this::finish))
        .whenComplete((failure, error) -> credential.wipe());
  }

  private CompletionStage<Optional<Failure>> begun() {
    long wait = plan.timing().waitBeforeFirstWrite().toMillis();
    return wait == 0
        ? FINE
        : CompletableFuture.supplyAsync(
            Optional::empty, CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS));
  }

  /** Ends the session at once, as another has begun. */
  void cancel() {
    cancelled = true;
    device.cancel();
  }

  private CompletionStage<Optional<Failure>> discover() {
    return exchange(device::discover)
        .thenCompose(
            done -> {
              if (!(done.reply() instanceof Answered answered)) {
                keep("Discover", LwM2mPath.ROOT, done, 0, "");
                return failed(done, LwM2mPath.ROOT, "Discover");
              }
              boolean told = answered.is(ResponseCode.CONTENT);
              keep(
                  "Discover",
                  LwM2mPath.ROOT,
                  done,
                  0,
                  told ? "" : "the device tells no objects: plain writes follow");
              if (told) {
                objects = DeviceObjects.read(answered.payload());
              }
              return FINE;
            });
  }

  private CompletionStage<Optional<Failure>> delete(LwM2mPath path) {
    boolean required = path.objectId() < 2;
    if (!required && objects.lacks(path.objectId())) {
      return FINE;
    }
    return exchange(() -> device.delete(path))
        .thenCompose(
            done -> {
              boolean nothingThere = is(done.reply(), ResponseCode.NOT_FOUND);
              if (is(done.reply(), ResponseCode.DELETED) || nothingThere) {
                keep("Delete", path, done, 0, nothingThere ? "nothing was there" : "");
                return FINE;
              }
              return refused("Delete", path, done, 0, required && !plan.mayLack(path.objectId()));
            });
  }

  private CompletionStage<Optional<Failure>> write(PlannedWrite write) {
    LwM2mPath path = write.path();
    if (!write.required() && objects.lacks(path.objectId())) {
      kept.accept(
          new Exchange(
              clock.instant(), "Write", path.toString(), "skipped", 0, 0, "the device lacks it"));
      return FINE;
    }
    Payload payload = Payload.of(write, preferredFormat, model);
    int size = payload.bytes().length;
    return exchange(() -> device.write(path, payload.contentFormat(), payload.bytes()))
        .thenCompose(
            done -> {
              Arrays.fill(payload.bytes(), (byte) 0);
              if (is(done.reply(), ResponseCode.CHANGED)
                  || is(done.reply(), ResponseCode.CREATED)) {
                keep("Write", path, done, size, "");
                return FINE;
              }
              return refused("Write", path, done, size, write.required());
            });
  }

  private CompletionStage<Optional<Failure>> finish() {
    return exchange(device::finish)
        .thenCompose(
            done -> {
              keep("Finish", LwM2mPath.ROOT, done, 0, "");
              if (is(done.reply(), ResponseCode.CHANGED)) {
                return FINE;
              }
              if (done.reply() instanceof Reply.Silent silent && silent.why() == Why.TIMEOUT) {
                return failure(
                    FailureCode.OUTCOME_UNKNOWN, "the device did not answer Finish in time");
              }
              return failed(done, LwM2mPath.ROOT, "Finish");
            });
  }

  /** A refusal is noted where it may be, else it is the end. Silence is always the end. */
  private CompletionStage<Optional<Failure>> refused(
      String operation, LwM2mPath path, Done done, int bytes, boolean required) {
    boolean noted = !required && done.reply() instanceof Answered;
    keep(operation, path, done, bytes, noted ? "refused, and not required" : "");
    return noted ? FINE : failed(done, path, operation);
  }

  private CompletionStage<Optional<Failure>> failed(Done done, LwM2mPath path, String operation) {
    if (cancelled) {
      return failure(FailureCode.CONFLICT, "a newer Bootstrap-Request took its place");
    }
    String what = path.isRoot() ? operation : operation + " of " + path;
    if (done.reply() instanceof Answered answered) {
      return failure(
          FailureCode.DEVICE_REJECTED,
          "the device answered %s to %s".formatted(answered.word(), what));
    }
    return switch (((Reply.Silent) done.reply()).why()) {
      case TIMEOUT ->
          failure(
              FailureCode.DEVICE_TIMEOUT,
              "no answer to %s within %d s"
                  .formatted(what, plan.timing().requestTimeout().toSeconds()));
      case RESET -> failure(FailureCode.DEVICE_UNREACHABLE, "the device reset " + what);
      case CANCELLED, UNREACHABLE ->
          failure(FailureCode.DEVICE_UNREACHABLE, "the connection was gone at " + what);
    };
  }

  private static CompletionStage<Optional<Failure>> failure(FailureCode code, String reason) {
    return CompletableFuture.completedStage(Optional.of(Failure.of(code, reason)));
  }

  private static boolean is(Reply reply, ResponseCode code) {
    return reply instanceof Answered answered && answered.is(code);
  }

  private static <T> Function<Optional<T>, CompletionStage<Optional<T>>> unless(
      Supplier<CompletionStage<Optional<T>>> next) {
    return failure -> failure.isPresent() ? CompletableFuture.completedStage(failure) : next.get();
  }

  private static <T> CompletionStage<Optional<Failure>> each(
      List<T> items, int from, Function<T, CompletionStage<Optional<Failure>>> act) {
    return from == items.size()
        ? FINE
        : act.apply(items.get(from)).thenCompose(unless(() -> each(items, from + 1, act)));
  }

  /** A reply, and how long it took. */
  private record Done(Reply reply, Instant at, Duration took) {}

  private CompletionStage<Done> exchange(Supplier<CompletionStage<Reply>> request) {
    Instant at = clock.instant();
    long began = System.nanoTime();
    return request
        .get()
        .thenApply(reply -> new Done(reply, at, Duration.ofNanos(System.nanoTime() - began)));
  }

  private void keep(String operation, LwM2mPath path, Done done, int sent, String note) {
    int received = done.reply() instanceof Answered answered ? answered.payload().length : 0;
    kept.accept(
        new Exchange(
            done.at(),
            operation,
            path.toString(),
            done.reply().word(),
            done.took().toMillis(),
            Math.max(sent, received),
            note));
  }
}
