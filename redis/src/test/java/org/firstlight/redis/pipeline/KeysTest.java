package org.firstlight.redis.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Shard;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.util.JedisClusterCRC16;

class KeysTest {
  @Property
  void what_changes_together_lies_in_one_slot_of_a_cluster(
      @ForAll @StringLength(min = 1, max = 64) String home) {
    int shard = Shard.of(home);
    Set<Integer> slots = new HashSet<>();
    for (byte[] key :
        List.of(
            Keys.records(home),
            Keys.index(shard, Kinds.DEVICE),
            Keys.events(shard),
            Keys.aside(shard),
            Keys.registrations(shard)[0],
            Keys.registrations(shard)[3])) {
      slots.add(JedisClusterCRC16.getSlot(key));
      assertThat(new String(key, StandardCharsets.UTF_8))
          .startsWith("fl:{" + Shard.word(shard) + "}:");
    }
    assertThat(slots).hasSize(1);
  }

  @Property
  void homes_have_keys_of_their_own(@ForAll String one, @ForAll String other) {
    assertThat(java.util.Arrays.equals(Keys.records(one), Keys.records(other)))
        .isEqualTo(
            java.util.Arrays.equals(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void kinds_have_words_of_their_own() {
    assertThat(Kinds.all()).extracting(Kind::word).doesNotHaveDuplicates();
    assertThat(Kinds.all()).extracting(Kind::word).allMatch(word -> word.matches("[a-z]{2,6}"));
  }
}
