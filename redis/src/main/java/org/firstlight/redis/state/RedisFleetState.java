package org.firstlight.redis.state;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Change.Edit;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Index;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Shard;
import org.firstlight.fleet.state.Stored;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.firstlight.redis.state.RecordCodec.Decoded;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * Records of a home in one hash, so that a device costs one key whatever it has; a commit is one
 * script, in one round trip.
 */
public final class RedisFleetState implements FleetState {
  private static final int EDIT_ATTEMPTS = 100;

  private static final Script COMMIT =
      Script.beside(RedisFleetState.class, "registrations.lua", "index.lua", "commit.lua");
  private static final Script FIND_ALL = Script.beside(RedisFleetState.class, "find_all.lua");
  private static final Script KEEP_FIRST = Script.beside(RedisFleetState.class, "keep_first.lua");
  private static final Script PRUNE = Script.beside(RedisFleetState.class, "prune.lua");

  private final Pipelines redis;
  private final IndexedWords indexedWords;
  private final SetAside setAside;

  public RedisFleetState(Pipelines redis, Clock clock) {
    this.redis = redis;
    this.indexedWords = new IndexedWords(redis);
    this.setAside = new SetAside(redis, clock, Keys.EVENTS_KEPT);
  }

  @Override
  public <T> CompletionStage<Optional<Stored<T>>> find(Kind<T> kind, String home, String id) {
    return redis
        .send(Shard.of(home), Command.HGET, Keys.records(home), Keys.field(kind, id))
        .thenCompose(reply -> read(kind, new IndexMember(id, home), (byte[]) reply));
  }

  @Override
  public <T> CompletionStage<List<Stored<T>>> findAll(Kind<T> kind, String home) {
    String prefix = kind.word() + ":";
    return redis
        .run(Shard.of(home), FIND_ALL, new byte[][] {Keys.records(home)}, Bytes.of(prefix))
        .thenApply(
            reply -> {
              List<?> found = Bytes.list(reply);
              List<Stored<T>> records = new ArrayList<>();
              for (int i = 0; i < found.size(); i += 2) {
                String id = Bytes.text(found.get(i)).substring(prefix.length());
                byte[] stored = (byte[]) found.get(i + 1);
                readable(kind, new IndexMember(id, home), stored).ifPresent(records::add);
              }
              records.sort(Comparator.comparing(Stored::id));
              return records;
            });
  }

  @Override
  public CompletionStage<CommitOutcome> commit(Change change) {
    int shard = Shard.of(change.home());
    CommitArguments sent = CommitArguments.of(change);
    return (change.guarded()
            ? redis.runGuarded(shard, COMMIT, sent.keys(), sent.arguments())
            : redis.run(shard, COMMIT, sent.keys(), sent.arguments()))
        .thenApply(reply -> outcome(change, Bytes.list(reply)));
  }

  @Override
  public <T> CompletionStage<Page<T>> list(
      Kind<T> kind, Optional<String> cursor, int limit, Predicate<T> filter) {
    if (!kind.listed()) {
      throw new IllegalArgumentException("records of kind " + kind.word() + " are not listed");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("a page has one record at least");
    }
    if (isFound(kind)) {
      Search all = new Search(Set.of(), Optional.empty(), index(kind).orders().get(0), false);
      return search(kind, all, cursor, limit, filter);
    }
    return new RecordPager<>(redis, kind, limit, filter, this::readable, Arrays::compareUnsigned)
        .after(cursor.map(RecordPager::place), new Listing(redis, kind, limit));
  }

  @Override
  public <T> CompletionStage<Page<T>> search(
      Kind<T> kind, Search search, Optional<String> cursor, int limit) {
    return search(kind, search, cursor, limit, value -> true);
  }

  private <T> CompletionStage<Page<T>> search(
      Kind<T> kind, Search search, Optional<String> cursor, int limit, Predicate<T> filter) {
    Index<T> index = index(kind);
    if (!hasOrder(index, search.order())) {
      throw new IllegalArgumentException("there is no order " + search.order());
    }
    Optional<byte[]> after = cursor.map(RecordPager::place);
    // the index may be a moment ahead of or behind the record: what is shown has the words
    RecordPager<T> pager =
        new RecordPager<>(
            redis,
            kind,
            limit,
            value -> hasWords(index, value, search.words()) && filter.test(value),
            this::readable,
            Searching.order(search));
    return indexedWords
        .having(index.of(), search.words())
        .thenCompose(
            having -> pager.after(after, new Searching(redis, index, search, having, limit)));
  }

  @Override
  public CompletionStage<Map<Word, Long>> count(Kind<?> kind, Set<Word> words, List<Word> each) {
    return indexedWords.count(index(kind).of(), words, each);
  }

  /** Any record of a home may give an order. */
  private static boolean hasOrder(Index<?> index, String order) {
    return Kinds.all().stream()
        .flatMap(kind -> kind.index().stream())
        .anyMatch(one -> one.of().equals(index.of()) && one.orders().contains(order));
  }

  /** Words that other records of the home give are the index's alone. */
  private static <T> boolean hasWords(Index<T> index, T value, Set<Word> wanted) {
    Set<Word> own = index.entry().apply(value).words();
    return wanted.stream()
        .allMatch(word -> own.contains(word) || !index.names().contains(word.name()));
  }

  private static <T> Index<T> index(Kind<T> kind) {
    return kind.index()
        .filter(index -> isFound(kind))
        .orElseThrow(
            () ->
                new IllegalArgumentException("records of kind " + kind.word() + " have no index"));
  }

  @Override
  public <T> CompletionStage<Optional<Stored<T>>> edit(
      Kind<T> kind, String home, String id, Function<Stored<T>, Optional<Change>> edit) {
    return edit(kind, home, id, edit, EDIT_ATTEMPTS);
  }

  @Override
  public CompletionStage<List<String>> due(Kind<?> kind, Instant now, int most) {
    byte[] end = Bytes.of(now.toEpochMilli());
    // begins anywhere, so that no shard starves
    int first = ThreadLocalRandom.current().nextInt(Shard.COUNT);
    List<CompletableFuture<List<String>>> found = new ArrayList<>();
    for (int i = 0; i < Shard.COUNT; i++) {
      byte[] due = Keys.due((first + i) % Shard.COUNT, kind);
      found.add(
          redis
              .query(
                  Command.ZRANGEBYSCORE,
                  due,
                  Bytes.of("-inf"),
                  end,
                  Bytes.of("LIMIT"),
                  Bytes.of(0),
                  Bytes.of(most))
              .thenApply(
                  reply ->
                      Bytes.list(reply).stream()
                          .map(member -> IndexMember.parse((byte[]) member).home())
                          .toList()));
    }
    return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                found.stream()
                    .map(CompletableFuture::join)
                    .flatMap(List::stream)
                    .limit(most)
                    .toList());
  }

  @Override
  public <T> CompletionStage<Void> prune(Kind<T> kind, String home, int keep) {
    if (kind.index().isPresent() || kind.due().isPresent()) {
      throw new IllegalArgumentException("records of kind " + kind.word() + " are indexed");
    }
    int shard = Shard.of(home);
    byte[][] keys = {Keys.records(home), Keys.index(shard, kind)};
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(kind.word() + ":"));
    arguments.add(Bytes.of(keep));
    if (kind.listed()) {
      arguments.add(Bytes.of("\0" + home));
    }
    return redis.run(shard, PRUNE, keys, arguments.toArray(byte[][]::new)).thenAccept(reply -> {});
  }

  @Override
  public <T> CompletionStage<Void> keepFirst(Kind<T> kind, String home, int keep) {
    if (!kind.listed()) {
      throw new IllegalArgumentException("records of kind " + kind.word() + " are not listed");
    }
    if (kind.index().isPresent() || kind.due().isPresent()) {
      throw new IllegalArgumentException("records of kind " + kind.word() + " are indexed");
    }
    int shard = Shard.of(home);
    byte[][] keys = {Keys.records(home), Keys.index(shard, kind)};
    return redis
        .run(
            shard,
            KEEP_FIRST,
            keys,
            Bytes.of(kind.word() + ":"),
            Bytes.of(keep),
            Bytes.of("\0" + home))
        .thenAccept(reply -> {});
  }

  private <T> CompletionStage<Optional<Stored<T>>> edit(
      Kind<T> kind,
      String home,
      String id,
      Function<Stored<T>, Optional<Change>> edit,
      int attempts) {
    if (attempts == 0) {
      return CompletableFuture.failedStage(
          new DependencyUnavailableException("busy: others keep changing this record"));
    }
    return find(kind, home, id)
        .thenCompose(
            found -> {
              Optional<Change> change = found.flatMap(edit);
              if (change.isEmpty()) {
                return CompletableFuture.completedStage(found);
              }
              Change pinned = pinned(change.get(), kind, home, found.get());
              return commit(pinned)
                  .thenCompose(
                      outcome ->
                          outcome instanceof CommitOutcome.Committed done
                              ? CompletableFuture.completedStage(
                                  after(pinned, done, kind, found.get()))
                              : edit(kind, home, id, edit, attempts - 1));
            });
  }

  /** The change, bound to the version that it was made from. */
  private static Change pinned(Change change, Kind<?> kind, String home, Stored<?> from) {
    if (!change.home().equals(home)) {
      throw new IllegalArgumentException("an edit stays in its record's home");
    }
    Change.Builder pinned = Change.in(home).guarded(change.guarded());
    change.edits().forEach(edit -> pin(pinned, edit, kind, from));
    change.registration().ifPresent(pinned::registration);
    change.events().forEach(pinned::event);
    return pinned.build();
  }

  private static <T> void pin(Change.Builder change, Edit<T> edit, Kind<?> kind, Stored<?> from) {
    boolean itself = edit.kind().equals(kind) && edit.id().equals(from.id());
    long expected = itself ? from.version() : edit.expectedVersion();
    if (edit instanceof Edit.Put<T> put) {
      change.put(put.kind(), put.id(), expected, put.value());
    } else if (edit instanceof Edit.Keep<T>) {
      change.keep(edit.kind(), edit.id(), expected);
    } else {
      change.delete(edit.kind(), edit.id(), expected);
    }
  }

  private static <T> Optional<Stored<T>> after(
      Change change, CommitOutcome.Committed done, Kind<T> kind, Stored<T> before) {
    for (int i = 0; i < change.edits().size(); i++) {
      Edit<?> edit = change.edits().get(i);
      if (edit.kind().equals(kind) && edit.id().equals(before.id())) {
        if (edit instanceof Edit.Put<?> put) {
          T value = kind.type().cast(put.value());
          return Optional.of(new Stored<>(before.id(), value, done.versions().get(i)));
        }
        return edit instanceof Edit.Keep<?> ? Optional.of(before) : Optional.empty();
      }
    }
    return Optional.of(before);
  }

  private static CommitOutcome outcome(Change change, List<?> reply) {
    if (Bytes.number(reply.get(0)) == 1) {
      return new CommitOutcome.Committed(
          reply.subList(1, reply.size()).stream().map(Bytes::number).toList());
    }
    int number = (int) Bytes.number(reply.get(1));
    if (number == 0) {
      return new CommitOutcome.Conflict(CommitOutcome.REGISTRATION, change.home(), 0);
    }
    Edit<?> lost = change.edits().get(number - 1);
    return new CommitOutcome.Conflict(lost.kind().word(), lost.id(), Bytes.number(reply.get(2)));
  }

  /** A record to work on: one that was moved is as good as none, another must not be touched. */
  private <T> CompletionStage<Optional<Stored<T>>> read(
      Kind<T> kind, IndexMember member, byte @Nullable [] stored) {
    if (stored == null) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    Decoded<T> decoded = RecordCodec.decode(kind, member.id(), stored);
    if (decoded instanceof Decoded.Good<T> good) {
      return CompletableFuture.completedStage(Optional.of(good.record()));
    }
    Decoded.Unreadable<T> found = (Decoded.Unreadable<T>) decoded;
    return setAside
        .note(kind, member, stored, found)
        .thenCompose(
            moved ->
                moved
                    ? CompletableFuture.completedStage(Optional.empty())
                    : CompletableFuture.failedStage(
                        new DependencyUnavailableException(
                            "this record cannot be read: " + found.reason())));
  }

  /** A record among others, for people to see: whatever cannot be read is left out. */
  private <T> Optional<Stored<T>> readable(
      Kind<T> kind, IndexMember member, byte @Nullable [] stored) {
    if (stored == null) {
      return Optional.empty();
    }
    Decoded<T> decoded = RecordCodec.decode(kind, member.id(), stored);
    if (decoded instanceof Decoded.Good<T> good) {
      return Optional.of(good.record());
    }
    if (decoded instanceof Decoded.Unreadable<T> found) {
      setAside.note(kind, member, stored, found);
    }
    return Optional.empty();
  }

  /** Whether records of this kind are listed by their index, and so need no list. */
  static boolean isFound(Kind<?> kind) {
    return kind.listed() && kind.index().filter(index -> !index.orders().isEmpty()).isPresent();
  }
}
