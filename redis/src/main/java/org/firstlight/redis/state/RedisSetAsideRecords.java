package org.firstlight.redis.state;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.SetAsideRecords;
import org.firstlight.fleet.state.Shard;
import org.firstlight.fleet.state.Stored;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;

/**
 * The shards' {@code aside} hashes: "kind:id of home" to a line that says why and when, and below
 * it the record as it was, which stays in Redis.
 */
public final class RedisSetAsideRecords implements SetAsideRecords {
  private static final Script LIST = Script.beside(RedisSetAsideRecords.class, "list_aside.lua");
  private static final Script DISCARD =
      Script.beside(RedisSetAsideRecords.class, "discard_aside.lua");
  private static final int LINE_PARTS = 4;
  private static final Pattern NAME = Pattern.compile("([a-z]+):(.*) of (.*)", Pattern.DOTALL);

  private final Pipelines redis;

  public RedisSetAsideRecords(Pipelines redis) {
    this.redis = redis;
  }

  /** A note's shard and name; as a text it is a cursor. */
  private record Place(int shard, String name) {
    String text() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Bytes.of(Shard.word(shard) + name));
    }

    static Optional<Place> parse(String text) {
      try {
        String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        return plain.matches("(?s)[0-9a-f]{2}.*")
            ? Optional.of(
                new Place(Integer.parseInt(plain.substring(0, 2), 16), plain.substring(2)))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * One note, and not the next one of that name.
   *
   * @param mark short hash of the note
   */
  private record NoteId(Place place, String mark) {
    String text() {
      return place.text() + "." + mark;
    }

    static Optional<NoteId> parse(String text) {
      int dot = text.indexOf('.');
      return dot < 0
          ? Optional.empty()
          : Place.parse(place(text)).map(place -> new NoteId(place, text.substring(dot + 1)));
    }

    /** Where it is, as a text. */
    static String place(String noteId) {
      return noteId.substring(0, noteId.indexOf('.'));
    }
  }

  @Override
  public CompletionStage<Page<SetAside>> list(Optional<String> cursor, int limit) {
    Place after =
        cursor
            .map(
                text ->
                    Place.parse(text)
                        .orElseThrow(
                            () -> new IllegalArgumentException("this cursor is not one of ours")))
            .orElse(new Place(0, ""));
    return sizes().thenCompose(sizes -> list(after, sizes, limit));
  }

  /** Asks as many shards as will fill the page, and no more. */
  private CompletionStage<Page<SetAside>> list(Place after, List<Long> sizes, int limit) {
    List<Integer> shards = new ArrayList<>();
    long expected = 0;
    for (int shard = after.shard(); shard < Shard.COUNT && expected <= limit; shard++) {
      if (sizes.get(shard) > 0) {
        shards.add(shard);
        // how many of the first come after the cursor is not known
        expected += shard == after.shard() && !after.name().isEmpty() ? 0 : sizes.get(shard);
      }
    }
    // all but never needed: some of those that were expected are gone
    Optional<Integer> next =
        expected > limit
            ? Optional.of(shards.get(shards.size() - 1) + 1).filter(shard -> shard < Shard.COUNT)
            : Optional.empty();
    List<CompletableFuture<@Nullable Object>> found =
        shards.stream()
            .map(
                shard ->
                    redis.query(
                        LIST,
                        new byte[][] {Keys.aside(shard)},
                        Bytes.of(shard == after.shard() ? after.name() : ""),
                        Bytes.of(limit + 1)))
            .toList();
    return CompletableFuture.allOf(found.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              List<Stored<SetAside>> notes = new ArrayList<>();
              for (int i = 0; i < shards.size(); i++) {
                List<?> lines = Bytes.list(found.get(i).join());
                for (int at = 0; at < lines.size(); at += LINE_PARTS) {
                  notes.add(note(shards.get(i), lines.subList(at, at + LINE_PARTS)));
                }
              }
              if (notes.size() > limit) {
                return new Page<>(
                    notes.subList(0, limit), Optional.of(NoteId.place(notes.get(limit - 1).id())));
              }
              return new Page<>(notes, next.map(shard -> new Place(shard, "").text()));
            });
  }

  private static Stored<SetAside> note(int shard, List<?> line) {
    String name = Bytes.text(line.get(0));
    String[] why = Bytes.text(line.get(1)).split("\t", 2);
    boolean moved = Bytes.number(line.get(2)) == 1;
    Matcher parts = NAME.matcher(name);
    boolean ours = parts.matches();
    SetAside note =
        new SetAside(
            ours ? parts.group(1) : "",
            ours ? parts.group(3) : "",
            ours ? parts.group(2) : name,
            why[0],
            why.length < 2 ? Optional.empty() : moment(why[1]),
            moved);
    String id = new NoteId(new Place(shard, name), Bytes.text(line.get(3))).text();
    return new Stored<>(id, note, 1);
  }

  private static Optional<Instant> moment(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public CompletionStage<Boolean> discard(String noteId) {
    return NoteId.parse(noteId)
        .<CompletionStage<Boolean>>map(
            note ->
                redis
                    .run(
                        note.place().shard(),
                        DISCARD,
                        new byte[][] {Keys.aside(note.place().shard())},
                        Bytes.of(note.place().name()),
                        Bytes.of(note.mark()))
                    .thenApply(reply -> Bytes.number(reply) == 1))
        .orElseGet(() -> CompletableFuture.completedStage(false));
  }

  @Override
  public CompletionStage<Long> count() {
    return sizes().thenApply(sizes -> sizes.stream().mapToLong(Long::longValue).sum());
  }

  private CompletionStage<List<Long>> sizes() {
    List<CompletableFuture<Long>> sizes = new ArrayList<>();
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      sizes.add(redis.query(Command.HLEN, Keys.aside(shard)).thenApply(Bytes::number));
    }
    return CompletableFuture.allOf(sizes.toArray(CompletableFuture[]::new))
        .thenApply(done -> sizes.stream().map(CompletableFuture::join).toList());
  }
}
