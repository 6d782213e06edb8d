package org.firstlight.redis.backup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every family of keys, and what a backup does with it. A key of no family here stops a backup: who
 * adds a family decides on it.
 */
enum KeyFamily {
  /** Read home by home, with what else the home has. */
  RECORDS("r:.+"),
  /** The last values of a device: read with its home. */
  VALUES("v:.+"),
  /** Read with their homes, written back by a Register. */
  REGISTRATIONS("reg|contact|regids|expiry"),
  /** Read shard by shard. */
  EVENTS("events"),
  /** Read shard by shard. */
  SET_ASIDE("aside"),
  /** Left out: they say that a value is another now; the value itself is kept. */
  REPORTS("reports"),
  /** Left out: made anew from the records. */
  INDEX("[ix]:.+"),
  /** Left out, as the records that are due. */
  DUE("d:.+"),
  /** Left out: they pass. */
  LEASE("lease:.+"),
  /** Left out: what was copied must resume nothing. */
  RESUMABLE_SESSIONS("dtls:.+"),
  /** Left out: it tells of a restore. */
  RESTORING("restoring");

  private static final Pattern KEY = Pattern.compile("fl:\\{[0-9a-f]{2}}:(.+)", Pattern.DOTALL);

  private final Pattern pattern;

  KeyFamily(String pattern) {
    this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
  }

  static Optional<KeyFamily> of(String key) {
    Matcher form = KEY.matcher(key);
    if (form.matches()) {
      for (KeyFamily family : values()) {
        if (family.pattern.matcher(form.group(1)).matches()) {
          return Optional.of(family);
        }
      }
    }
    return Optional.empty();
  }

  /** The home that a key of {@link #RECORDS} is of. */
  static String homeOf(String recordsKey) {
    return recordsKey.substring(recordsKey.indexOf("}:r:") + "}:r:".length());
  }
}
