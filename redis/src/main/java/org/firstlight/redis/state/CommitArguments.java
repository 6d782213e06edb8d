package org.firstlight.redis.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Change.Edit;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.device.RegistrationArguments;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;

/** A change as {@code commit.lua} takes it: see there for what stands where. */
record CommitArguments(byte[][] keys, byte[][] arguments) {
  private static final byte[] NOTHING = {};
  private static final byte[] AS_IT_IS = Bytes.of("=");

  static CommitArguments of(Change change) {
    int shard = Shard.of(change.home());
    List<byte[]> registration =
        change
            .registration()
            .map(edit -> RegistrationArguments.of(edit, change.home()))
            .orElse(List.of());
    List<byte[]> keys = new ArrayList<>();
    keys.add(Keys.records(change.home()));
    keys.add(Keys.events(shard));
    if (!registration.isEmpty()) {
      keys.addAll(List.of(Keys.registrations(shard)));
    }
    List<byte[]> arguments = new ArrayList<>();
    arguments.add(Bytes.of(Keys.EVENTS_KEPT));
    arguments.add(Bytes.of(change.home()));
    arguments.add(Bytes.of(change.edits().size()));
    arguments.add(Bytes.of(registration.size()));
    change.edits().forEach(edit -> add(edit, change.home(), keys, arguments));
    arguments.addAll(registration);
    change.events().forEach(event -> arguments.add(RecordJson.bytes(event)));
    return new CommitArguments(keys.toArray(byte[][]::new), arguments.toArray(byte[][]::new));
  }

  private static <T> void add(
      Edit<T> edit, String home, List<byte[]> keys, List<byte[]> arguments) {
    Kind<T> kind = edit.kind();
    int shard = Shard.of(home);
    arguments.add(Keys.field(kind, edit.id()));
    arguments.add(Bytes.of(edit.expectedVersion()));
    arguments.add(valueOf(edit));
    boolean listed = kind.listed() && !RedisFleetState.isFound(kind);
    arguments.add(Bytes.of(listed ? added(keys, Keys.index(shard, kind)) : 0));
    arguments.add(new IndexMember(edit.id(), home).bytes());
    Optional<byte[]> base = kind.index().map(index -> Keys.indexBase(shard, index.of()));
    arguments.add(Bytes.of(base.map(key -> added(keys, key)).orElse(0)));
    arguments.add(IndexLine.record(kind, edit.id(), home));
    boolean found = base.isPresent() && edit instanceof Edit.Put<T>;
    arguments.add(
        found ? IndexLine.of(kind, edit.id(), home, ((Edit.Put<T>) edit).value()) : NOTHING);
    arguments.add(Bytes.of(kind.due().isPresent() ? added(keys, Keys.due(shard, kind)) : 0));
    arguments.add(edit instanceof Edit.Put<T> put ? DueTime.of(kind, put.value()) : NOTHING);
  }

  /** Its number among the keys. */
  private static int added(List<byte[]> keys, byte[] key) {
    keys.add(key);
    return keys.size();
  }

  private static <T> byte[] valueOf(Edit<T> edit) {
    if (edit instanceof Edit.Put<T> put) {
      return RecordCodec.encode(put.kind(), put.value());
    }
    return edit instanceof Edit.Keep<T> ? AS_IT_IS : NOTHING;
  }
}
