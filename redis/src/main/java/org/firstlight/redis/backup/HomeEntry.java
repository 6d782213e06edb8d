package org.firstlight.redis.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.state.RecordJson;

/**
 * What a backup holds of one home, or more of it where it is large. Records and values are as Redis
 * holds them, each with its format version; a registration is JSON, for its lines are nobody's
 * format but one release's.
 *
 * @param more whether it adds to the entry of the same home before
 * @param records "kind:id", record, "kind:id", record, …
 * @param values path, value, path, value, …
 */
record HomeEntry(
    String home,
    boolean more,
    List<byte[]> records,
    List<byte[]> values,
    List<Registration> registrations) {
  private static final byte[] WHOLE = Bytes.of("whole");
  private static final byte[] MORE = Bytes.of("more");

  /** What its home is found by is made anew from the records; what is left out is gone. */
  HomeEntry kept() {
    List<byte[]> kept = new ArrayList<>();
    for (int i = 0; i < records.size(); i += 2) {
      if (!Arrays.equals(records.get(i), Keys.INDEX_FIELD)
          && !BackedUpKinds.isLeftOut(records.get(i))) {
        kept.addAll(records.subList(i, i + 2));
      }
    }
    return new HomeEntry(home, more, kept, values, registrations);
  }

  Entry entry() {
    return new Entry(
        List.of(
            List.of(Bytes.of(home), more ? MORE : WHOLE),
            records,
            values,
            registrations.stream().map(HomeEntry::json).toList()));
  }

  static HomeEntry of(Entry entry) {
    List<byte[]> head = entry.list(0);
    if (head.size() != 2 || entry.list(1).size() % 2 != 0 || entry.list(2).size() % 2 != 0) {
      throw new BackupRefusedException("an entry is not of a home");
    }
    return new HomeEntry(
        Bytes.text(head.get(0)),
        Bytes.text(head.get(1)).equals("more"),
        entry.list(1),
        entry.list(2),
        entry.list(3).stream().map(HomeEntry::registration).toList());
  }

  private static byte[] json(Registration registration) {
    try {
      return RecordJson.MAPPER.writeValueAsBytes(registration);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Registration registration(byte[] json) {
    try {
      return RecordJson.MAPPER.readValue(json, Registration.class);
    } catch (IOException e) {
      throw new BackupRefusedException("a registration in it is not readable", e);
    }
  }
}
