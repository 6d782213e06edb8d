package org.firstlight.redis.backup;

import java.util.Locale;
import java.util.Optional;

/** The parts of a backup, in their order in the file. */
public enum Section {
  /** Private keys of the platform, only where they were asked for. */
  KEYS('K'),
  /** Homes of devices: records, registrations, values. */
  DEVICES('D'),
  /** All other homes; after the devices, so that what a device refers to is there. */
  PLATFORM('P'),
  EVENTS('E'),
  /** Records that could not be read when they were needed. */
  SET_ASIDE('A');

  private final byte letter;

  Section(char letter) {
    this.letter = (byte) letter;
  }

  byte letter() {
    return letter;
  }

  static Optional<Section> of(byte letter) {
    for (Section section : values()) {
      if (section.letter == letter) {
        return Optional.of(section);
      }
    }
    return Optional.empty();
  }

  /** As people read it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
