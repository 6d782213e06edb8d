package org.firstlight.redis.backup;

/** Hears how far a backup or a restore has come; called often. */
public interface Progress {
  void reached(Section section, long entries);
}
