package org.firstlight.redis;

import java.util.Locale;

/** When an acknowledged write is on the disk, not only with the operating system. */
public enum Durability {
  /**
   * Within about two seconds: a power loss may take those. The death of a server takes nothing;
   * that of Redis itself what it had held back while its disk was busy, for it acknowledges before
   * it writes then: two seconds at most.
   */
  EVERYSEC,
  /** Before it is acknowledged: a power loss takes nothing; slower. */
  ALWAYS;

  /** As Redis spells it in {@code appendfsync}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
