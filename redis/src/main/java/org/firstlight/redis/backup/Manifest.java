package org.firstlight.redis.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.firstlight.redis.state.RecordJson;

/**
 * What a backup says of itself at its end.
 *
 * @param at when it was begun
 * @param sections by their words
 * @param keys SHA-256 in hex of each key file that belongs to this state, by name, whether the
 *     backup has it or not
 */
public record Manifest(Instant at, Map<String, Tally> sections, Map<String, String> keys) {
  /**
   * @param sha256 of the section's entries, before compression, in hex
   */
  public record Tally(long entries, String sha256) {}

  public Manifest {
    sections = Map.copyOf(sections);
    keys = Map.copyOf(keys);
  }

  /** Entries of a section; 0 if it has none. */
  public long entries(Section section) {
    Tally tally = sections.get(section.word());
    return tally == null ? 0 : tally.entries();
  }

  /** As {@link #keys} has it. */
  public static String fingerprint(byte[] keyFile) {
    return HexFormat.of().formatHex(BackupFile.sha256().digest(keyFile));
  }

  byte[] json() {
    try {
      return RecordJson.MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Manifest parse(byte[] json) {
    try {
      return RecordJson.MAPPER.readValue(json, Manifest.class);
    } catch (IOException | RuntimeException e) {
      throw new BackupRefusedException("the backup's manifest is not readable", e);
    }
  }
}
