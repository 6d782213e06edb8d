package org.firstlight.fleet.state;

import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.state.Index.Word;

/**
 * What to find, and in which order.
 *
 * @param words all of them must hold
 * @param text how the key of one of the index's searchable orders begins, in any case
 * @param order one of the index's
 */
public record Search(Set<Word> words, Optional<String> text, String order, boolean descending) {
  public Search {
    words = Set.copyOf(words);
  }
}
