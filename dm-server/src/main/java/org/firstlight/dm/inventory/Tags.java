package org.firstlight.dm.inventory;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** What tags look like: short words that an owner finds devices by. */
public final class Tags {
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._:-]{0,39}");
  private static final int MOST = 16;

  private Tags() {}

  /** The tag that puts a device in a group. */
  static String group(String name) {
    return "group:" + name;
  }

  /** Why these are no tags; empty if they are. */
  public static Optional<String> fault(Collection<String> tags) {
    if (tags.size() > MOST) {
      return Optional.of("tags: %d at most".formatted(MOST));
    }
    return tags.stream().allMatch(tag -> tag != null && TAG.matcher(tag).matches())
        ? Optional.empty()
        : Optional.of("tags: each has 1 to 40 letters, digits and . _ : -");
  }
}
