package org.firstlight.redis.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;

/**
 * Who has which words: each shard tells it as bitmaps, one bit a home, and they are put together
 * here. A million homes are 128 kB a word.
 */
final class IndexedWords {
  private static final Script WORDS = Script.beside(IndexedWords.class, "words.lua");

  private final Pipelines redis;

  IndexedWords(Pipelines redis) {
    this.redis = redis;
  }

  /** Per shard, who has all of these words; empty if there are fewer than two. */
  CompletionStage<Optional<List<byte[]>>> having(String of, Set<Word> words) {
    if (words.size() < 2) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return bitmaps(of, words)
        .thenApply(
            shards ->
                Optional.of(
                    shards.stream()
                        .map(all -> all.stream().reduce(Bitmap::and).orElseThrow())
                        .toList()));
  }

  /** How many have all of {@code words} and each of {@code each}. */
  CompletionStage<Map<Word, Long>> count(String of, Set<Word> words, List<Word> each) {
    List<Word> all = new ArrayList<>(each);
    all.addAll(words);
    return bitmaps(of, all)
        .thenApply(
            shards -> {
              Map<Word, Long> counts = new LinkedHashMap<>();
              each.forEach(word -> counts.put(word, 0L));
              for (List<byte[]> bitmaps : shards) {
                for (int i = 0; i < each.size(); i++) {
                  byte[] both =
                      bitmaps.subList(each.size(), all.size()).stream()
                          .reduce(bitmaps.get(i), Bitmap::and);
                  counts.merge(each.get(i), (long) Bitmap.count(both), Long::sum);
                }
              }
              return counts;
            });
  }

  /** Per shard, a bitmap of each word. */
  private CompletionStage<List<List<byte[]>>> bitmaps(String of, Collection<Word> words) {
    List<CompletableFuture<List<byte[]>>> shards = new ArrayList<>();
    for (int i = 0; i < Shard.COUNT; i++) {
      int shard = i;
      byte[][] keys =
          words.stream().map(word -> Keys.word(shard, of, word.text())).toArray(byte[][]::new);
      shards.add(
          redis
              .query(WORDS, keys)
              .thenApply(reply -> Bytes.list(reply).stream().map(Bitmap::of).toList()));
    }
    return CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new))
        .thenApply(done -> shards.stream().map(CompletableFuture::join).toList());
  }
}
