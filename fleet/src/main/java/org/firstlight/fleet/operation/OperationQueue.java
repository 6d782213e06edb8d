package org.firstlight.fleet.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/**
 * What waits for one device, what is on its way to it, and what has ended last: one record, so that
 * each step is one commit. One request at a time is on its way: the next begins when it has ended.
 * Every step gives the queue after it; home and id are the endpoint name.
 *
 * @param waiting in the order in which they are sent: by priority, then as they came
 * @param ended the last ones, the newest first
 */
public record OperationQueue(
    List<QueuedOperation> waiting, Optional<TakenOperation> taken, List<EndedOperation> ended) {
  public static final int MOST_WAITING = 100;
  public static final int MOST_ENDED = 20;

  /**
   * Characters of all encrypted payloads that wait: a record stays small enough to be rewritten.
   */
  public static final int MOST_PAYLOAD = 128 << 10;

  /** What brings down this many nodes that send it is not given to one more. */
  static final int MOST_LAPSES = 3;

  public static final OperationQueue EMPTY =
      new OperationQueue(List.of(), Optional.empty(), List.of());

  public OperationQueue {
    waiting = List.copyOf(waiting);
    ended = List.copyOf(ended);
  }

  /**
   * Puts a request behind those of its priority; one that waits with its duplicate key ends. The
   * same request again changes nothing: who repeats the call keeps its id and its {@code queuedAt},
   * which tells of one that ended so long ago that it is not kept.
   *
   * @return refused with {@code RATE_LIMITED} if too many wait, with {@code MALFORMED} if its
   *     payload alone is too large, with {@code CONFLICT} if it may have ended already
   */
  public Outcome<OperationQueue> enqueue(QueuedOperation operation) {
    if (knows(operation.id())) {
      return Outcome.done(this);
    }
    if (mayHaveEnded(operation)) {
      return Outcome.refused(
          FailureCode.CONFLICT, "more have ended since than are kept: this one may be among them");
    }
    if (operation.payloadSize() > MOST_PAYLOAD) {
      return Outcome.refused(
          FailureCode.MALFORMED, "what the request carries is too large to wait");
    }
    Instant now = operation.queuedAt();
    OperationQueue room = settled(now).ending(operation::isDuplicateOf, now, Ending.replaced());
    int payload = room.waiting.stream().mapToInt(QueuedOperation::payloadSize).sum();
    if (room.waiting.size() >= MOST_WAITING || payload + operation.payloadSize() > MOST_PAYLOAD) {
      return Outcome.refused(
          FailureCode.RATE_LIMITED,
          "%d requests wait for this device already".formatted(room.waiting.size()));
    }
    return Outcome.done(room.with(operation, waits -> waits.priority() < operation.priority()));
  }

  /**
   * Ends a request that is not on its way yet.
   *
   * @return refused with {@code NOT_FOUND}, or with {@code CONFLICT} if it is too late
   */
  public Outcome<OperationQueue> cancel(String id, Instant now) {
    OperationQueue settled = settled(now);
    if (settled.waiting.stream().anyMatch(waits -> waits.id().equals(id))) {
      return Outcome.done(settled.ending(waits -> waits.id().equals(id), now, Ending.cancelled()));
    }
    return knows(id)
        ? Outcome.refused(FailureCode.CONFLICT, "the request is on its way, or has ended")
        : Outcome.refused(FailureCode.NOT_FOUND, "there is no such request");
  }

  /**
   * Gives the first request to the claim; {@link #takenUnder} says which. None if another one is on
   * its way, or none waits.
   */
  public OperationQueue take(Claim claim, Instant now) {
    OperationQueue settled = settled(now);
    if (settled.taken.isPresent() || settled.waiting.isEmpty()) {
      return settled;
    }
    return new OperationQueue(
        settled.waiting.subList(1, settled.waiting.size()),
        Optional.of(new TakenOperation(settled.waiting.get(0), claim)),
        settled.ended);
  }

  public Optional<TakenOperation> takenUnder(String claimId) {
    return taken.filter(on -> on.claim().id().equals(claimId));
  }

  /**
   * Ends what is on its way.
   *
   * @return refused with {@code CONFLICT} if it is not under this claim any more
   */
  public Outcome<OperationQueue> finish(String claimId, Ending ending, Instant now) {
    return claimed(claimId)
        .map(on -> new OperationQueue(waiting, Optional.empty(), ended).and(on, now, ending));
  }

  /**
   * Puts what was taken back to the front of its priority: for a node that knows that the device
   * has not got it.
   *
   * @return refused with {@code CONFLICT} if it is not under this claim any more
   */
  public Outcome<OperationQueue> giveBack(String claimId, Instant now) {
    return claimed(claimId)
        .map(on -> new OperationQueue(waiting, Optional.empty(), ended).back(on, now).settled(now));
  }

  private Outcome<QueuedOperation> claimed(String claimId) {
    return takenUnder(claimId)
        .map(on -> Outcome.done(on.operation()))
        .orElseGet(
            () -> Outcome.refused(FailureCode.CONFLICT, "the claim has lapsed, or has ended"));
  }

  /**
   * Ends those whose time has passed, and a claim that has lapsed: what was sent under it waits
   * again if it may be repeated, else nobody knows what became of it.
   */
  public OperationQueue settled(Instant now) {
    OperationQueue settled = this;
    Optional<QueuedOperation> lapsed =
        taken.filter(on -> on.claim().hasLapsed(now)).map(TakenOperation::operation);
    if (lapsed.isPresent()) {
      QueuedOperation on = lapsed.get().afterLapse();
      OperationQueue free = new OperationQueue(waiting, Optional.empty(), ended);
      settled =
          on.repeatable() && on.lapses() < MOST_LAPSES && !on.hasExpired(now)
              ? free.back(on, now)
              : free.and(
                  on,
                  now,
                  Ending.failed(
                      FailureCode.OUTCOME_UNKNOWN, "the node that sent it was not heard of again"));
    }
    return settled.ending(
        waits -> waits.hasExpired(now),
        now,
        Ending.failed(FailureCode.DEVICE_UNREACHABLE, "the device did not come in its time"));
  }

  /** When {@link #settled} has something to do. */
  public Optional<Instant> due() {
    return Stream.concat(
            waiting.stream().map(QueuedOperation::expiresAt),
            taken.stream().map(on -> on.claim().until()))
        .min(Instant::compareTo);
  }

  /** With the last {@link #MOST_ENDED} only: as it is stored, once it was told what has ended. */
  OperationQueue trimmed() {
    return new OperationQueue(waiting, taken, ended.subList(0, Math.min(MOST_ENDED, ended.size())));
  }

  private boolean knows(String id) {
    return waiting.stream().anyMatch(waits -> waits.id().equals(id))
        || taken.filter(on -> on.operation().id().equals(id)).isPresent()
        || ended.stream().anyMatch(over -> over.id().equals(id));
  }

  private boolean mayHaveEnded(QueuedOperation operation) {
    return ended.size() >= MOST_ENDED
        && operation.queuedAt().isBefore(ended.get(ended.size() - 1).endedAt());
  }

  /** One that was taken waits again, unless a later one has its place by now. */
  private OperationQueue back(QueuedOperation operation, Instant now) {
    return waiting.stream().anyMatch(operation::isDuplicateOf)
        ? and(operation, now, Ending.replaced())
        : with(operation, waits -> waits.priority() <= operation.priority());
  }

  private OperationQueue with(QueuedOperation operation, Predicate<QueuedOperation> behind) {
    List<QueuedOperation> line = new ArrayList<>(waiting);
    int at = 0;
    while (at < line.size() && !behind.test(line.get(at))) {
      at++;
    }
    line.add(at, operation);
    return new OperationQueue(line, taken, ended);
  }

  private OperationQueue ending(Predicate<QueuedOperation> which, Instant now, Ending how) {
    OperationQueue left =
        new OperationQueue(waiting.stream().filter(which.negate()).toList(), taken, ended);
    for (QueuedOperation over : waiting.stream().filter(which).toList()) {
      left = left.and(over, now, how);
    }
    return left;
  }

  private OperationQueue and(QueuedOperation over, Instant now, Ending ending) {
    List<EndedOperation> all = new ArrayList<>();
    all.add(EndedOperation.of(over, now, ending));
    all.addAll(ended);
    return new OperationQueue(waiting, taken, all);
  }
}
