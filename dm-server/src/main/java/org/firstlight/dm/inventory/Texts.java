package org.firstlight.dm.inventory;

import java.util.Optional;
import java.util.regex.Pattern;

/** What ids and names of people's records look like. */
public final class Texts {
  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");
  private static final int LONGEST_NAME = 80;

  private Texts() {}

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Why this is no name for people to read; empty if it is. */
  public static Optional<String> name(String field, String text) {
    boolean good =
        !text.isBlank()
            && text.length() <= LONGEST_NAME
            && text.chars().noneMatch(Character::isISOControl);
    return good
        ? Optional.empty()
        : Optional.of("%s: has 1 to %d printable characters".formatted(field, LONGEST_NAME));
  }
}
