package org.firstlight.fleet.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices' queues in state. Each call is one commit with its events, done again from what is
 * there when another node was faster; every stage completes after state has answered, from any
 * thread, or exceptionally with {@link DependencyUnavailableException}: then the caller repeats the
 * call, with the same ids, and nothing is done twice.
 *
 * <p>Nodes' clocks are compared: a claim is longer than what they may differ by.
 */
public final class OperationQueues {
  private static final Logger log = LoggerFactory.getLogger(OperationQueues.class);
  private static final int ATTEMPTS = 100;

  private final FleetState records;

  public OperationQueues(FleetState records) {
    this.records = records;
  }

  public CompletionStage<OperationQueue> find(EndpointName endpointName) {
    return stored(endpointName)
        .thenApply(found -> found.map(Stored::value).orElse(OperationQueue.EMPTY));
  }

  /**
   * See {@link OperationQueue#enqueue}.
   *
   * @return refused with {@code NOT_FOUND} too, if the device is not, or no longer, its tenant's
   */
  public CompletionStage<Outcome<OperationQueue>> enqueue(
      EndpointName endpointName, QueuedOperation operation) {
    return change(
        endpointName,
        operation.queuedAt(),
        (device, queue) ->
            operation.tenant().isEmpty() || operation.tenant().equals(device.flatMap(Device::owner))
                ? queue.enqueue(operation)
                : Outcome.refused(FailureCode.NOT_FOUND, "there is no such device"),
        ATTEMPTS);
  }

  /** See {@link OperationQueue#cancel}. */
  public CompletionStage<Outcome<OperationQueue>> cancel(
      EndpointName endpointName, String id, Instant now) {
    return change(endpointName, now, queue -> queue.cancel(id, now));
  }

  /** What is to be sent now under this claim, and by nobody else; empty if nothing is. */
  public CompletionStage<Optional<TakenOperation>> take(
      EndpointName endpointName, Claim claim, Instant now) {
    return change(endpointName, now, queue -> Outcome.done(queue.take(claim, now)))
        .thenApply(outcome -> outcome.result().flatMap(queue -> queue.takenUnder(claim.id())));
  }

  /** See {@link OperationQueue#finish}. */
  public CompletionStage<Outcome<OperationQueue>> finish(
      EndpointName endpointName, String claimId, Ending ending, Instant now) {
    return change(endpointName, now, queue -> queue.finish(claimId, ending, now));
  }

  /** See {@link OperationQueue#giveBack}. */
  public CompletionStage<Outcome<OperationQueue>> giveBack(
      EndpointName endpointName, String claimId, Instant now) {
    return change(endpointName, now, queue -> queue.giveBack(claimId, now));
  }

  /**
   * Ends what is over in the queues of {@code most} devices at most; repeating it is harmless, and
   * two nodes may do it at once.
   *
   * @return how many queues were due: {@code most} if there may be more
   */
  public CompletionStage<Integer> settle(Instant now, int most) {
    return records
        .due(Kinds.OPERATIONS, now, most)
        .thenCompose(
            homes -> {
              List<CompletableFuture<?>> all = new ArrayList<>();
              for (String home : homes) {
                all.add(settle(new EndpointName(home), now).toCompletableFuture());
              }
              return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                  .thenApply(done -> homes.size());
            });
  }

  /** A queue that cannot be settled now stops no other. */
  private CompletionStage<?> settle(EndpointName endpointName, Instant now) {
    return change(endpointName, now, queue -> Outcome.done(queue.settled(now)))
        .exceptionally(
            fault -> {
              log.warn("what waits for {} is not settled now", endpointName, fault);
              return Outcome.done(OperationQueue.EMPTY);
            });
  }

  private CompletionStage<Outcome<OperationQueue>> change(
      EndpointName endpointName,
      Instant now,
      Function<OperationQueue, Outcome<OperationQueue>> step) {
    return change(endpointName, now, (device, queue) -> step.apply(queue), ATTEMPTS);
  }

  private CompletionStage<Outcome<OperationQueue>> change(
      EndpointName endpointName,
      Instant now,
      BiFunction<Optional<Device>, OperationQueue, Outcome<OperationQueue>> step,
      int attempts) {
    if (attempts == 0) {
      return CompletableFuture.failedStage(
          new DependencyUnavailableException("busy: others keep changing this queue"));
    }
    return read(endpointName)
        .thenCompose(
            read -> {
              OperationQueue before = read.queue().map(Stored::value).orElse(OperationQueue.EMPTY);
              Outcome<OperationQueue> outcome =
                  step.apply(read.device().map(Stored::value), before);
              OperationQueue after = outcome.result().orElse(before);
              if (after.equals(before)) {
                return CompletableFuture.completedStage(outcome);
              }
              String home = endpointName.value();
              Change.Builder change =
                  Change.in(home)
                      .keep(Kinds.DEVICE, home, version(read.device()))
                      .put(Kinds.OPERATIONS, home, version(read.queue()), after.trimmed());
              events(endpointName, now, before, after).forEach(change::event);
              return records
                  .commit(change.build())
                  .thenCompose(
                      done ->
                          done instanceof CommitOutcome.Committed
                              ? CompletableFuture.completedStage(
                                  outcome.map(OperationQueue::trimmed))
                              : change(endpointName, now, step, attempts - 1));
            });
  }

  private record Read(Optional<Stored<Device>> device, Optional<Stored<OperationQueue>> queue) {}

  /**
   * The device first: while it keeps its version no release has taken the queue, after which
   * another queue may come to the same version.
   */
  private CompletionStage<Read> read(EndpointName endpointName) {
    String home = endpointName.value();
    return records
        .find(Kinds.DEVICE, home, home)
        .thenCompose(device -> stored(endpointName).thenApply(queue -> new Read(device, queue)));
  }

  private CompletionStage<Optional<Stored<OperationQueue>>> stored(EndpointName endpointName) {
    return records.find(Kinds.OPERATIONS, endpointName.value(), endpointName.value());
  }

  private static long version(Optional<? extends Stored<?>> found) {
    return found.map(Stored::version).orElse(0L);
  }

  /** What the step tells: neither path nor payload, for not all who see the device may. */
  private static List<FleetEvent> events(
      EndpointName endpointName, Instant now, OperationQueue before, OperationQueue after) {
    List<FleetEvent> events = new ArrayList<>();
    for (EndedOperation over : after.ended()) {
      if (!before.ended().contains(over)) {
        Ending ending = over.ending();
        Map<String, String> details =
            Map.of(
                "id",
                over.id(),
                "operation",
                over.operation(),
                "how",
                ending.how().name(),
                "code",
                ending.code());
        events.add(event(endpointName, now, "operation.ended", over.tenant(), details));
      }
    }
    for (QueuedOperation waits : after.waiting()) {
      boolean knew =
          before.waiting().stream().anyMatch(one -> one.id().equals(waits.id()))
              || before.taken().filter(on -> on.operation().id().equals(waits.id())).isPresent();
      if (!knew) {
        Map<String, String> details = Map.of("id", waits.id(), "operation", waits.operation());
        events.add(event(endpointName, now, "operation.queued", waits.tenant(), details));
      }
    }
    return events;
  }

  private static FleetEvent event(
      EndpointName endpointName,
      Instant now,
      String type,
      Optional<String> tenant,
      Map<String, String> details) {
    return new FleetEvent(now, type, Optional.of(endpointName), tenant, details);
  }
}
