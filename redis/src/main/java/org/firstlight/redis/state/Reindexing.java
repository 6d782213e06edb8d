package org.firstlight.redis.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.firstlight.fleet.state.Index;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Protocol.Command;

/**
 * Brings records into the index that stand in a list instead: an earlier release or a restore wrote
 * them so. A slice at a time, the list is what is left to do: several nodes may do it at once, and
 * one that died is followed by the next.
 */
public final class Reindexing {
  private static final Logger log = LoggerFactory.getLogger(Reindexing.class);
  private static final Script FIND_ALL = Script.beside(Reindexing.class, "find_all.lua");
  private static final Script REINDEX = Script.beside(Reindexing.class, "index.lua", "reindex.lua");
  private static final int SLICE = 200;
  private static final int SHARDS_AT_ONCE = 32;

  private final Pipelines redis;

  public Reindexing(Pipelines redis) {
    this.redis = redis;
  }

  /** Returns when nothing is left to do; where that is so already, after a few round trips. */
  public void run() {
    for (Kind<?> kind : Kinds.all()) {
      if (RedisFleetState.isFound(kind)) {
        run(kind, kind.index().orElseThrow());
      }
    }
  }

  private void run(Kind<?> kind, Index<?> index) {
    for (int first = 0; first < Shard.COUNT; first += SHARDS_AT_ONCE) {
      List<CompletableFuture<Long>> left = new ArrayList<>();
      for (int shard = first; shard < first + SHARDS_AT_ONCE; shard++) {
        byte[] list = Keys.index(shard, kind);
        left.add(redis.send(shard, Command.ZCARD, list).thenApply(Bytes::number));
      }
      long some = left.stream().mapToLong(CompletableFuture::join).sum();
      if (some > 0) {
        log.info("{} records of kind {} come into the index", some, kind.word());
      }
      for (int i = 0; i < SHARDS_AT_ONCE; i++) {
        while (left.get(i).join() > 0 && slice(first + i, kind, index)) {}
      }
    }
  }

  /** Does some of a shard; false if there is no more. */
  private boolean slice(int shard, Kind<?> kind, Index<?> index) {
    byte[] list = Keys.index(shard, kind);
    List<?> members =
        Bytes.list(
            redis.send(shard, Command.ZRANGE, list, Bytes.of(0), Bytes.of(SLICE - 1)).join());
    List<CompletableFuture<@Nullable Object>> done = new ArrayList<>();
    for (Object member : members) {
      String home = IndexMember.parse((byte[]) member).home();
      Kinds.all().stream()
          .filter(other -> other.index().filter(its -> its.of().equals(index.of())).isPresent())
          .forEach(other -> done.add(records(shard, home, other)));
    }
    done.forEach(CompletableFuture::join);
    members.forEach(member -> redis.send(shard, Command.ZREM, list, (byte[]) member).join());
    return members.size() == SLICE;
  }

  private <T> CompletableFuture<@Nullable Object> records(int shard, String home, Kind<T> kind) {
    String prefix = kind.word() + ":";
    byte[][] keys = {Keys.records(home)};
    return redis
        .run(shard, FIND_ALL, keys, Bytes.of(prefix))
        .thenCompose(
            reply -> {
              List<?> found = Bytes.list(reply);
              List<CompletableFuture<@Nullable Object>> told = new ArrayList<>();
              for (int i = 0; i < found.size(); i += 2) {
                String id = Bytes.text(found.get(i)).substring(prefix.length());
                told.add(record(shard, home, kind, id, (byte[]) found.get(i + 1)));
              }
              return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new))
                  .thenApply(all -> null);
            });
  }

  /** One that cannot be read is left: it is set aside when it is read. */
  private <T> CompletableFuture<@Nullable Object> record(
      int shard, String home, Kind<T> kind, String id, byte[] stored) {
    if (!(RecordCodec.decode(kind, id, stored) instanceof RecordCodec.Decoded.Good<T> good)) {
      return CompletableFuture.completedFuture(null);
    }
    byte[] base = Keys.indexBase(shard, kind.index().orElseThrow().of());
    return redis.run(
        shard,
        REINDEX,
        new byte[][] {Keys.records(home), base},
        Keys.field(kind, id),
        stored,
        Bytes.of(home),
        IndexLine.record(kind, id, home),
        IndexLine.of(kind, id, home, good.record().value()));
  }
}
