package org.firstlight.redis.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.firstlight.fleet.state.Index;
import org.firstlight.fleet.state.Search;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;

/**
 * What a search finds, shard by shard. A place is the sort key, and the home where that is another
 * text: two homes never have the same.
 */
final class Searching implements Column.Source {
  private static final Script SEARCH = Script.beside(Searching.class, "index.lua", "search.lua");
  private static final byte[] NONE = {};

  private final Pipelines redis;
  private final Index<?> index;
  private final Search search;
  private final byte[] text;
  private final Optional<List<byte[]>> withWords;
  private final int entries;

  /**
   * @param withWords per shard, who has the search's words; empty if it has none
   */
  Searching(
      Pipelines redis, Index<?> index, Search search, Optional<List<byte[]>> withWords, int limit) {
    this.redis = redis;
    this.index = index;
    this.search = search;
    this.text = Bytes.of(search.text().map(some -> some.toLowerCase(Locale.ROOT)).orElse(""));
    this.withWords = withWords;
    // of a page that is spread evenly, hardly ever too few
    this.entries = 3 + limit / 64;
  }

  static Comparator<byte[]> order(Search search) {
    Comparator<byte[]> up = Arrays::compareUnsigned;
    return search.descending() ? up.reversed() : up;
  }

  @Override
  public CompletableFuture<Column.Slice> next(int shard, Optional<byte[]> after) {
    byte[] numbers = withWords.map(all -> all.get(shard)).orElse(NONE);
    int count = withWords.isEmpty() ? -1 : Bitmap.count(numbers);
    if (count == 0) {
      return CompletableFuture.completedFuture(new Column.Slice(List.of(), Optional.empty()));
    }
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(search.order()));
    arguments.add(Bytes.of(search.descending() ? "down" : "up"));
    arguments.add(Bytes.of(entries));
    arguments.add(Bytes.of(count));
    arguments.add(numbers);
    arguments.addAll(bounds(after, Bytes.of("-"), Bytes.of("+")));
    arguments.add(text);
    arguments.addAll(boundsOfText(after));
    index.begins().forEach(order -> arguments.add(Bytes.of(order)));
    byte[][] keys = {Keys.indexBase(shard, index.of()), Keys.recordsBase(shard)};
    return redis
        .query(SEARCH, keys, arguments.toArray(byte[][]::new))
        .thenApply(reply -> slice(Bytes.list(reply), after));
  }

  /** The part of an order that follows a place; members go on with NUL and a number after it. */
  private List<byte[]> bounds(Optional<byte[]> after, byte[] lowest, byte[] highest) {
    if (after.isEmpty()) {
      return List.of(lowest, highest);
    }
    return search.descending()
        ? List.of(lowest, bound('(', after.get(), 0))
        : List.of(bound('[', after.get(), 1), highest);
  }

  /** The same for the part whose keys begin with the text; no UTF-8 has the byte 255. */
  private List<byte[]> boundsOfText(Optional<byte[]> after) {
    byte[] first = bound('[', text);
    byte[] last = bound('(', text, 0xff);
    byte[] nearest = search.descending() ? last : first;
    Optional<byte[]> inside =
        after.filter(
            place ->
                order(search).compare(place, Arrays.copyOfRange(nearest, 1, nearest.length)) > 0);
    return bounds(inside, first, last);
  }

  private static byte[] bound(char kind, byte[] place, int... suffix) {
    byte[] bound = new byte[1 + place.length + suffix.length];
    bound[0] = (byte) kind;
    System.arraycopy(place, 0, bound, 1, place.length);
    for (int i = 0; i < suffix.length; i++) {
      bound[1 + place.length + i] = (byte) suffix[i];
    }
    return bound;
  }

  /** What the script found, without what it says of the places before and of those to come. */
  private Column.Slice slice(List<?> reply, Optional<byte[]> after) {
    Optional<byte[]> stopped =
        Bytes.number(reply.get(0)) == 1 ? Optional.empty() : Optional.of((byte[]) reply.get(1));
    Comparator<byte[]> order = order(search);
    List<Column.Entry> found =
        reply.stream()
            .skip(2)
            .map(byte[].class::cast)
            .filter(place -> after.isEmpty() || order.compare(place, after.get()) > 0)
            .filter(place -> stopped.isEmpty() || order.compare(place, stopped.get()) <= 0)
            .sorted(order)
            .map(place -> new Column.Entry(place, member(place)))
            .toList();
    return new Column.Slice(found, stopped);
  }

  private static IndexMember member(byte[] place) {
    IndexMember keyed = IndexMember.parse(place);
    String home = keyed.home().isEmpty() ? keyed.id() : keyed.home();
    return new IndexMember(home, home);
  }
}
