package org.firstlight.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Redis, as far as it matters here. */
record RedisVersion(int major, int minor) {
  /** The oldest whose commands suffice. */
  static final RedisVersion FLOOR = new RedisVersion(6, 2);

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  /**
   * @throws RedisUnusableException if it is older than {@link #FLOOR} or not readable
   */
  static void check(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new RedisUnusableException("Redis says a version that is none: " + text.strip());
    }
    RedisVersion found =
        new RedisVersion(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    boolean enough =
        found.major > FLOOR.major || (found.major == FLOOR.major && found.minor >= FLOOR.minor);
    if (!enough) {
      throw new RedisUnusableException(
          "Redis is too old: redis_version is %s, %d.%d or later is needed"
              .formatted(text.strip(), FLOOR.major, FLOOR.minor));
    }
  }
}
