package org.firstlight.redis.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.firstlight.fleet.event.EventStream.Entry;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Pipelines;
import redis.clients.jedis.Protocol.Command;

/**
 * Finds the newest events of some streams: a few of each, and more of those that have the newest.
 */
final class NewestEvents {
  private static final int FIRST_READ = 8;

  private final Pipelines redis;
  private final int most;
  private final Predicate<String> types;
  private final List<List<StreamEntry>> found = new ArrayList<>();

  NewestEvents(Pipelines redis, int most, Predicate<String> types) {
    this.redis = redis;
    this.most = most;
    this.types = types;
    for (int stream = 0; stream < Streams.COUNT; stream++) {
      found.add(List.of());
    }
  }

  CompletionStage<List<Entry>> find() {
    return read(Math.min(most, FIRST_READ), Streams.of(types));
  }

  private CompletionStage<List<Entry>> read(int each, List<Integer> streams) {
    List<CompletableFuture<Void>> asked = streams.stream().map(s -> ask(s, each)).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              List<StreamEntry> newest = newest();
              List<Integer> open = streams.stream().filter(s -> mayHide(s, each, newest)).toList();
              return open.isEmpty()
                  ? CompletableFuture.completedStage(events(newest))
                  : read(Math.min(most, each * 8), open);
            });
  }

  private CompletableFuture<Void> ask(int stream, int count) {
    return redis
        .query(
            Command.XREVRANGE,
            Streams.key(stream),
            Bytes.of("+"),
            Bytes.of("-"),
            Bytes.of("COUNT"),
            Bytes.of(count))
        .thenAccept(
            reply ->
                found.set(
                    stream,
                    Bytes.list(reply).stream()
                        .map(entry -> StreamEntry.of(stream, entry))
                        .toList()));
  }

  /** Whether the stream may have more among the newest than it was asked for. */
  private boolean mayHide(int stream, int asked, List<StreamEntry> newest) {
    List<StreamEntry> here = found.get(stream);
    return asked < most
        && here.size() == asked
        && (newest.size() < most || here.get(asked - 1).compareTo(newest.get(0)) > 0);
  }

  private List<StreamEntry> newest() {
    List<StreamEntry> all = found.stream().flatMap(List::stream).sorted().toList();
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  private List<Entry> events(List<StreamEntry> entries) {
    return entries.stream()
        .filter(entry -> types.test(entry.type()))
        .map(StreamEntry::event)
        .flatMap(Optional::stream)
        .toList();
  }
}
