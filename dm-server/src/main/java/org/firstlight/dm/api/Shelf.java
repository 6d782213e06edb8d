package org.firstlight.dm.api;

import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.Documents;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Stored;

/** The four routes that every kind of document has: list, get, put, delete. */
final class Shelf<T> {
  private final BlockingState state;
  private final Documents documents;
  private final Ways<T> ways;

  Shelf(BlockingState state, Documents documents, Ways<T> ways) {
    this.state = state;
    this.documents = documents;
    this.ways = ways;
  }

  /**
   * What differs between kinds.
   *
   * @param what its name in events and answers
   * @param sees whether this principal may know of it
   * @param view as the API shows it
   * @param reader checks the body of a put, given the document as it is
   * @param tenant whose it is, for its events
   * @param guard refuses a deletion
   * @param after told the id of what was changed or deleted
   */
  record Ways<T>(
      Kind<T> kind,
      String what,
      BiPredicate<T, Principal> sees,
      Function<Stored<T>, Object> view,
      Reader<T> reader,
      Function<T, Optional<String>> tenant,
      Function<T, Outcome<T>> guard,
      Consumer<String> after) {}

  /** Reads and checks what is put. */
  interface Reader<T> {
    Outcome<T> read(Call call, String id, Optional<T> before);
  }

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(
            call.page(
                (cursor, limit) ->
                    state.list(
                        ways.kind(),
                        cursor,
                        limit,
                        one -> ways.sees().test(one, call.principal()))),
            ways.view()));
  }

  Answer get(Call call) {
    return shown(seen(call).orElseThrow(this::unknown));
  }

  Answer put(Call call) {
    Optional<Stored<T>> before = state.find(ways.kind(), call.id());
    if (before.isPresent() && !ways.sees().test(before.get().value(), call.principal())) {
      // another tenant has it: its name is taken, and that is all that is told
      throw Call.refusal(FailureCode.CONFLICT, "this id is taken");
    }
    T value = Call.demand(ways.reader().read(call, call.id(), before.map(Stored::value)));
    Stored<T> stored =
        Call.demand(
            documents.put(
                ways.kind(),
                ways.what(),
                call.id(),
                value,
                ways.tenant().apply(value),
                before.map(Stored::version).orElse(0L),
                call.precondition()));
    ways.after().accept(call.id());
    return shown(stored);
  }

  Answer delete(Call call) {
    T value = seen(call).orElseThrow(this::unknown).value();
    Call.demand(ways.guard().apply(value));
    Call.demand(
        documents.delete(
            ways.kind(), ways.what(), call.id(), ways.tenant().apply(value), call.precondition()));
    ways.after().accept(call.id());
    return Answer.nothing();
  }

  private Optional<Stored<T>> seen(Call call) {
    return state
        .find(ways.kind(), call.id())
        .filter(found -> ways.sees().test(found.value(), call.principal()));
  }

  private Answer shown(Stored<T> stored) {
    return Answer.ok(ways.view().apply(stored)).withVersion(stored.version());
  }

  private RuntimeException unknown() {
    return Call.refusal(FailureCode.NOT_FOUND, "there is no such " + ways.what());
  }
}
