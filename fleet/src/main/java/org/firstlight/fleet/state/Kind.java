package org.firstlight.fleet.state;

import java.util.Optional;

/**
 * A kind of record: its short name in keys, and its Java type.
 *
 * @param word two to six lower-case letters, unique
 * @param formatVersion written with each record; a record of a later version is set aside
 * @param listed whether {@link FleetState#list} finds them: a list costs memory per record
 * @param index by what {@link FleetState#search} finds them, or the record whose home they lie in
 */
public record Kind<T>(
    String word, Class<T> type, int formatVersion, boolean listed, Optional<Index<T>> index) {
  public Kind(String word, Class<T> type, int formatVersion, boolean listed) {
    this(word, type, formatVersion, listed, Optional.empty());
  }
}
