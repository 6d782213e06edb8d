package org.firstlight.fleet.state;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * By what records of a kind are found, among a million, without looking at each.
 *
 * <p>An index finds homes. The records that a home is named after give its orders; others that lie
 * in the home may add words and orders of their own.
 *
 * @param of word of the kind that is found
 * @param names of the words that this kind gives; no other kind of the index gives one of these
 * @param orders that this kind gives; none for a kind that only adds words; no other kind of the
 *     index gives one of these
 * @param begins the orders whose key a text may begin; the first of them is {@code orders}' first
 * @param entry what a record is found by
 * @param counts whether a record of this id is found by anything; one of a home at most gives
 *     orders
 */
public record Index<T>(
    String of,
    Set<String> names,
    List<String> orders,
    List<String> begins,
    Function<T, Entry> entry,
    Predicate<String> counts) {
  public Index {
    names = Set.copyOf(names);
    orders = List.copyOf(orders);
    begins = List.copyOf(begins);
  }

  /** Of which every record counts. */
  public Index(
      String of,
      Set<String> names,
      List<String> orders,
      List<String> begins,
      Function<T, Entry> entry) {
    this(of, names, orders, begins, entry, id -> true);
  }

  /** A word: a name and what a record says under it. */
  public record Word(String name, String value) {
    /** As it stands in the index; control characters would break its lines. */
    public String text() {
      return name + "=" + value.replaceAll("\\p{Cntrl}", "?");
    }
  }

  /**
   * What one record is found by.
   *
   * @param keys sort key of each order; an empty one: by the home's name, in lower case
   */
  public record Entry(Set<Word> words, Map<String, String> keys) {
    public Entry {
      words = Set.copyOf(words);
      keys = Map.copyOf(keys);
    }
  }
}
