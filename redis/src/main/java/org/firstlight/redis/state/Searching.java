package org.firstlight.redis.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.firstlight.fleet.state.Index;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Shard;
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
  private static final int MORE = 8;

  private final Pipelines redis;
  private final Index<?> index;
  private final Search search;
  private final byte[] text;
  private final Optional<List<byte[]>> withWords;
  private final double share;

  /**
   * @param withWords per shard, who has the search's words; empty if it has one or none: each shard
   *     looks that up itself
   */
  Searching(
      Pipelines redis, Index<?> index, Search search, Optional<List<byte[]>> withWords, int limit) {
    this.redis = redis;
    this.index = index;
    this.search = search;
    this.text = Bytes.of(search.text().map(some -> some.toLowerCase(Locale.ROOT)).orElse(""));
    this.withWords = withWords;
    this.share = limit / (double) Shard.COUNT;
  }

  static Comparator<byte[]> order(Search search) {
    Comparator<byte[]> up = Arrays::compareUnsigned;
    return search.descending() ? up.reversed() : up;
  }

  @Override
  public CompletableFuture<Column.Slice> next(Column.Question question) {
    int shard = question.shard();
    byte[] numbers = withWords.map(all -> all.get(shard)).orElse(NONE);
    int count = withWords.isEmpty() ? -1 : Bitmap.count(numbers);
    if (count == 0) {
      return CompletableFuture.completedFuture(new Column.Slice(List.of(), Optional.empty()));
    }
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(search.order()));
    arguments.add(Bytes.of(search.descending() ? "down" : "up"));
    // a page is spread evenly; where it is not, some rounds must do
    arguments.add(Bytes.of(Double.toString(share * Math.pow(MORE, question.turn()))));
    arguments.add(Bytes.of(count));
    arguments.add(numbers);
    arguments.addAll(bounds(question.after(), question.upTo(), Bytes.of("-"), Bytes.of("+")));
    arguments.add(text);
    arguments.addAll(boundsOfText(question));
    index.begins().forEach(order -> arguments.add(Bytes.of(order)));
    return redis
        .query(SEARCH, keys(shard), arguments.toArray(byte[][]::new))
        .thenApply(reply -> slice(Bytes.list(reply), question));
  }

  private byte[][] keys(int shard) {
    Stream<byte[]> bases = Stream.of(Keys.indexBase(shard, index.of()), Keys.recordsBase(shard));
    Stream<byte[]> word =
        search.words().stream()
            .filter(one -> withWords.isEmpty())
            .map(one -> Keys.word(shard, index.of(), one.text()));
    return Stream.concat(bases, word).toArray(byte[][]::new);
  }

  /**
   * The part of an order that follows a place, as far as another one; members go on with NUL and a
   * number after their place.
   */
  private List<byte[]> bounds(
      Optional<byte[]> after, Optional<byte[]> upTo, byte[] lowest, byte[] highest) {
    return search.descending()
        ? List.of(
            upTo.map(place -> bound('[', place)).orElse(lowest),
            after.map(place -> bound('(', place, 0)).orElse(highest))
        : List.of(
            after.map(place -> bound('[', place, 1)).orElse(lowest),
            upTo.map(place -> bound('(', place, 1)).orElse(highest));
  }

  /** The same for the part whose keys begin with the text; no UTF-8 has the byte 255. */
  private List<byte[]> boundsOfText(Column.Question question) {
    byte[] low = bound('[', text);
    byte[] high = bound('(', text, 0xff);
    byte[] first = search.descending() ? high : low;
    byte[] last = search.descending() ? low : high;
    Comparator<byte[]> order = order(search);
    return bounds(
        question.after().filter(place -> order.compare(place, placeOf(first)) > 0),
        question.upTo().filter(place -> order.compare(place, placeOf(last)) < 0),
        low,
        high);
  }

  private static byte[] placeOf(byte[] bound) {
    return Arrays.copyOfRange(bound, 1, bound.length);
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
  private Column.Slice slice(List<?> reply, Column.Question question) {
    Optional<byte[]> stopped =
        Bytes.number(reply.get(0)) == 1 ? question.upTo() : Optional.of((byte[]) reply.get(1));
    Optional<byte[]> after = question.after();
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
