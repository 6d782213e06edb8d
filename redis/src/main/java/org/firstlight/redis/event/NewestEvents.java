package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import redis.clients.jedis.Protocol.Command;

/** Finds the newest events of all shards: a few of each, and more of those that have the newest. */
final class NewestEvents {
  private static final int FIRST_READ = 8;

  private final Pipelines redis;
  private final int most;
  private final List<List<StreamEntry>> found = new ArrayList<>();

  NewestEvents(Pipelines redis, int most) {
    this.redis = redis;
    this.most = most;
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      found.add(List.of());
    }
  }

  CompletionStage<List<Entry>> find() {
    return read(Math.min(most, FIRST_READ), allShards());
  }

  private CompletionStage<List<Entry>> read(int perShard, List<Integer> shards) {
    List<CompletableFuture<Void>> asked = shards.stream().map(s -> ask(s, perShard)).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              List<StreamEntry> newest = newest();
              List<Integer> open =
                  shards.stream().filter(s -> mayHide(s, perShard, newest)).toList();
              return open.isEmpty()
                  ? CompletableFuture.completedStage(events(newest))
                  : read(Math.min(most, perShard * 8), open);
            });
  }

  private CompletableFuture<Void> ask(int shard, int count) {
    return redis
        .query(
            Command.XREVRANGE,
            Keys.events(shard),
            Bytes.of("+"),
            Bytes.of("-"),
            Bytes.of("COUNT"),
            Bytes.of(count))
        .thenAccept(
            reply ->
                found.set(
                    shard,
                    Bytes.list(reply).stream()
                        .map(entry -> StreamEntry.of(shard, entry))
                        .toList()));
  }

  /** Whether the shard may have more among the newest than it was asked for. */
  private boolean mayHide(int shard, int asked, List<StreamEntry> newest) {
    List<StreamEntry> here = found.get(shard);
    return asked < most
        && here.size() == asked
        && (newest.size() < most || here.get(asked - 1).compareTo(newest.get(0)) > 0);
  }

  private List<StreamEntry> newest() {
    List<StreamEntry> all = found.stream().flatMap(List::stream).sorted().toList();
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  private static List<Entry> events(List<StreamEntry> entries) {
    return entries.stream().map(StreamEntry::event).flatMap(Optional::stream).toList();
  }

  private static List<Integer> allShards() {
    List<Integer> shards = new ArrayList<>();
    for (int shard = 0; shard < Shard.COUNT; shard++) {
      shards.add(shard);
    }
    return shards;
  }
}
