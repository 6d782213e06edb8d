package org.firstlight.fleet.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A kind of record: its short name in keys, and its Java type.
 *
 * @param word two to six lower-case letters, unique
 * @param formatVersion written with each record; a record of a later version is set aside
 * @param listed whether {@link FleetState#list} finds them: a list costs memory per record
 * @param index by what {@link FleetState#search} finds them, or the record whose home they lie in
 * @param upgrades the first makes format 2 of a record in format 1, and so on: applied when one is
 *     read, and stored when it is next written; on its JSON as maps, lists, texts and numbers
 * @param due when something has to be done about a record, by which {@link FleetState#due} finds
 *     its home; a home has one record of such a kind
 */
public record Kind<T>(
    String word,
    Class<T> type,
    int formatVersion,
    boolean listed,
    Optional<Index<T>> index,
    List<UnaryOperator<Map<String, Object>>> upgrades,
    Optional<Function<T, Optional<Instant>>> due) {
  public Kind {
    upgrades = List.copyOf(upgrades);
    if (upgrades.size() != formatVersion - 1) {
      throw new IllegalArgumentException(
          "format %d of %s needs %d upgrades".formatted(formatVersion, word, formatVersion - 1));
    }
  }

  /** Due at no moment. */
  public Kind(
      String word,
      Class<T> type,
      int formatVersion,
      boolean listed,
      Optional<Index<T>> index,
      List<UnaryOperator<Map<String, Object>>> upgrades) {
    this(word, type, formatVersion, listed, index, upgrades, Optional.empty());
  }

  /** In its first format, found by an index. */
  public Kind(
      String word, Class<T> type, int formatVersion, boolean listed, Optional<Index<T>> index) {
    this(word, type, formatVersion, listed, index, List.of());
  }

  /** In its first format. */
  public Kind(String word, Class<T> type, int formatVersion, boolean listed) {
    this(word, type, formatVersion, listed, Optional.empty(), List.of());
  }
}
