package org.firstlight.fleet.state;

import java.util.List;
import java.util.Optional;

/**
 * @param next cursor of the page after; empty on the last
 */
public record Page<T>(List<Stored<T>> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }
}
