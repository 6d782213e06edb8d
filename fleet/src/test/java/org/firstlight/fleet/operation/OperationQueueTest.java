package org.firstlight.fleet.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.operation.Ending.How;

class OperationQueueTest {
  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");

  /**
   * One step of a life: what is done, with which priority, key and patience, and how long after.
   */
  record Step(String what, int priority, int key, boolean repeatable, int ttl, int later) {}

  /** Beside the queue, as simple as can be: requests as they came, those that have ended. */
  private static final class Model {
    private final Map<String, QueuedOperation> asked = new HashMap<>();
    private final List<String> arrival = new ArrayList<>();
    private final Set<String> over = new HashSet<>();
    private final Map<String, Integer> sent = new HashMap<>();

    List<String> expectedOrder(OperationQueue queue) {
      Set<String> taken = new HashSet<>();
      queue.taken().ifPresent(on -> taken.add(on.operation().id()));
      return arrival.stream()
          .filter(id -> !over.contains(id) && !taken.contains(id))
          .sorted(Comparator.comparing(id -> -asked.get(id).priority()))
          .toList();
    }
  }

  @Provide
  Arbitrary<List<Step>> lives() {
    return Combinators.combine(
            Arbitraries.of("ask", "ask", "ask", "take", "take", "finish", "back", "cancel", "die"),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 6),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(1, 400),
            Arbitraries.integers().between(0, 20))
        .as(Step::new)
        .list()
        .ofMaxSize(100);
  }

  @Property(tries = 100)
  void any_life_keeps_the_order_and_ends_each_request_once(@ForAll("lives") List<Step> steps) {
    Model model = new Model();
    OperationQueue queue = OperationQueue.EMPTY;
    Instant now = NOW;
    int number = 0;
    for (Step step : steps) {
      now = now.plusSeconds(step.later());
      OperationQueue before = queue;
      String id = "r" + number++;
      queue = apply(step, id, queue, now, model);

      Set<String> ended = new HashSet<>();
      queue.ended().forEach(one -> assertThat(ended.add(one.id())).isTrue());
      assertThat(ended).containsAll(model.over);
      model.over.addAll(ended);
      assertThat(queue.waiting().stream().map(QueuedOperation::id))
          .containsExactlyElementsOf(model.expectedOrder(queue));
      // nothing is lost: whatever was asked waits, is on its way or has ended
      assertThat(
              queue.waiting().size() + (queue.taken().isPresent() ? 1 : 0) + queue.ended().size())
          .isEqualTo(model.asked.size());
      OperationQueue settled = queue.settled(now);
      Instant at = now;
      assertThat(settled.due()).matches(due -> due.isEmpty() || due.get().isAfter(at));
      assertThat(settled.settled(now)).isEqualTo(settled);
      assertThat(before.waiting().size()).isLessThanOrEqualTo(OperationQueue.MOST_WAITING);
    }
    model.sent.forEach(
        (id, times) -> {
          if (!model.asked.get(id).repeatable()) {
            assertThat(times).isLessThanOrEqualTo(1);
          }
        });
  }

  private static OperationQueue apply(
      Step step, String id, OperationQueue queue, Instant now, Model model) {
    Optional<TakenOperation> taken = queue.taken();
    switch (step.what()) {
      case "ask" -> {
        QueuedOperation asked =
            new QueuedOperation(
                id,
                "write",
                "/3/0/15",
                step.priority(),
                step.key() == 0 ? Optional.empty() : Optional.of("k" + step.key()),
                step.repeatable(),
                Optional.empty(),
                Optional.empty(),
                now,
                now.plusSeconds(step.ttl()),
                0);
        Outcome<OperationQueue> outcome = queue.enqueue(asked);
        if (outcome.result().isPresent()) {
          model.asked.put(id, asked);
          model.arrival.add(id);
        }
        return outcome.result().orElse(queue);
      }
      case "take" -> {
        OperationQueue after = queue.take(new Claim(id, "n", now.plusSeconds(30)), now);
        after
            .takenUnder(id)
            .ifPresent(on -> model.sent.merge(on.operation().id(), 1, Integer::sum));
        return after;
      }
      case "finish" -> {
        return taken
            .map(on -> queue.finish(on.claim().id(), Ending.done("2.04"), now))
            .flatMap(Outcome::result)
            .orElse(queue);
      }
      case "back" -> {
        taken.ifPresent(on -> model.sent.computeIfPresent(on.operation().id(), (k, n) -> n - 1));
        taken.ifPresent(on -> toFront(model, on.operation().id()));
        return taken
            .map(on -> queue.giveBack(on.claim().id(), now))
            .flatMap(Outcome::result)
            .orElse(queue);
      }
      case "cancel" -> {
        return queue.waiting().stream()
            .findAny()
            .flatMap(one -> queue.cancel(one.id(), now).result())
            .orElse(queue);
      }
      default -> {
        taken.ifPresent(on -> toFront(model, on.operation().id()));
        return taken.map(on -> queue.settled(on.claim().until())).orElse(queue);
      }
    }
  }

  /** What was taken was the first of its priority, or one of a higher one came since. */
  private static void toFront(Model model, String id) {
    model.arrival.remove(id);
    model.arrival.add(0, id);
  }

  @Example
  void a_full_queue_says_so_and_takes_what_replaces_one_that_waits() {
    OperationQueue queue = OperationQueue.EMPTY;
    for (int i = 0; i < OperationQueue.MOST_WAITING; i++) {
      queue = done(queue.enqueue(request("r" + i, "k" + i, 0)));
    }

    assertThat(queue.enqueue(request("more", "other", 0)).refusal().orElseThrow().code())
        .isEqualTo(FailureCode.RATE_LIMITED);
    OperationQueue replaced = done(queue.enqueue(request("later", "k7", 0)));
    assertThat(replaced.waiting()).hasSize(OperationQueue.MOST_WAITING);
    assertThat(replaced.waiting().get(99).id()).isEqualTo("later");
    assertThat(replaced.ended().get(0).id()).isEqualTo("r7");
    assertThat(replaced.ended().get(0).ending().how()).isEqualTo(How.REPLACED);
  }

  @Example
  void payloads_are_bounded_together_and_alone() {
    OperationQueue queue = done(OperationQueue.EMPTY.enqueue(request("a", "a", 100 << 10)));

    assertThat(queue.enqueue(request("b", "b", 100 << 10)).refusal().orElseThrow().code())
        .isEqualTo(FailureCode.RATE_LIMITED);
    assertThat(queue.enqueue(request("b", "a", 100 << 10)).result()).isPresent();
    assertThat(queue.enqueue(request("c", "c", 200 << 10)).refusal().orElseThrow().code())
        .isEqualTo(FailureCode.MALFORMED);
  }

  @Example
  void the_same_request_again_is_the_same_request() {
    OperationQueue queue = done(OperationQueue.EMPTY.enqueue(request("a", "a", 0)));
    assertThat(done(queue.enqueue(request("a", "a", 0)))).isEqualTo(queue);

    OperationQueue taken = queue.take(claim("c", 30), NOW);
    assertThat(done(taken.enqueue(request("a", "a", 0)))).isEqualTo(taken);
    assertThat(taken.take(claim("c", 30), NOW)).isEqualTo(taken);

    OperationQueue over = done(taken.finish("c", Ending.done("2.04"), NOW));
    assertThat(done(over.enqueue(request("a", "a", 0)))).isEqualTo(over);
    assertThat(over.finish("c", Ending.done("2.04"), NOW).refusal()).isPresent();
  }

  @Example
  void a_request_that_ended_before_those_that_are_kept_is_not_taken_again() {
    QueuedOperation first = request("first", "first", 0);
    OperationQueue queue = ended(OperationQueue.EMPTY, first, NOW.plusSeconds(1));
    for (int i = 0; i < OperationQueue.MOST_ENDED - 1; i++) {
      queue = ended(queue, request("r" + i, "k", 0), NOW.plusSeconds(2)).trimmed();
    }
    assertThat(done(queue.enqueue(first))).isEqualTo(queue);

    OperationQueue forgotten = ended(queue, later("more", 2), NOW.plusSeconds(2)).trimmed();

    assertThat(forgotten.ended()).noneMatch(over -> over.id().equals("first"));
    assertThat(forgotten.enqueue(first).refusal().orElseThrow().code())
        .isEqualTo(FailureCode.CONFLICT);
    assertThat(done(forgotten.enqueue(later("new", 2))).waiting()).hasSize(1);
  }

  private static OperationQueue ended(OperationQueue queue, QueuedOperation one, Instant at) {
    OperationQueue taken = done(queue.enqueue(one)).take(claim("c", 30), NOW);
    return done(taken.finish("c", Ending.done("2.04"), at));
  }

  private static QueuedOperation later(String id, int seconds) {
    return new QueuedOperation(
        id,
        "write",
        "/3/0/15",
        0,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.of("acme"),
        NOW.plusSeconds(seconds),
        NOW.plus(Duration.ofHours(1)),
        0);
  }

  @Example
  void what_is_on_its_way_can_not_be_cancelled_nor_replaced() {
    OperationQueue taken =
        done(OperationQueue.EMPTY.enqueue(request("a", "k", 0))).take(claim("c", 30), NOW);

    assertThat(taken.cancel("a", NOW).refusal().orElseThrow().code())
        .isEqualTo(FailureCode.CONFLICT);
    assertThat(taken.cancel("b", NOW).refusal().orElseThrow().code())
        .isEqualTo(FailureCode.NOT_FOUND);
    OperationQueue later = done(taken.enqueue(request("b", "k", 0)));
    assertThat(later.taken()).isEqualTo(taken.taken());
    // the node died: the later request has the place of the one that it sent
    assertThat(later.settled(NOW.plusSeconds(30)).ended().get(0).ending().how())
        .isEqualTo(How.REPLACED);
  }

  @Example
  void a_request_that_brings_down_every_node_that_sends_it_ends() {
    OperationQueue queue = done(OperationQueue.EMPTY.enqueue(request("a", "k", 0)));
    for (int i = 0; i < OperationQueue.MOST_LAPSES; i++) {
      queue = queue.take(claim("c" + i, 30 * (i + 1)), NOW).settled(NOW.plusSeconds(30 * (i + 1)));
    }
    assertThat(queue.waiting()).isEmpty();
    assertThat(queue.ended().get(0).ending().how()).isEqualTo(How.OUTCOME_UNKNOWN);
  }

  private static Claim claim(String id, int seconds) {
    return new Claim(id, "n1", NOW.plusSeconds(seconds));
  }

  private static QueuedOperation request(String id, String key, int payload) {
    return new QueuedOperation(
        id,
        "write",
        "/3/0/15",
        0,
        Optional.of(key),
        true,
        Stream.of(payload).filter(n -> n > 0).map(n -> secret(n)).findFirst(),
        Optional.of("acme"),
        NOW,
        NOW.plus(Duration.ofHours(1)),
        0);
  }

  private static EncryptedSecret secret(int size) {
    return new EncryptedSecret("k", "x".repeat(size));
  }

  private static OperationQueue done(Outcome<OperationQueue> outcome) {
    return outcome.result().orElseThrow();
  }
}
