package org.firstlight.redis.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import org.firstlight.redis.pipeline.Script;
import org.firstlight.redis.state.RecordCodec.Decoded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a record that cannot be read out of the way, so that it stops nothing, and says so in an
 * event {@code record.set-aside}. A bad one moves to its shard's {@code aside} hash, for people to
 * look at; one of a later format stays where it is for the release that can read it, and so does
 * one of {@link Kinds#NEVER_MOVED}.
 */
final class SetAside {
  private static final Logger log = LoggerFactory.getLogger("event.record-set-aside");
  private static final Script SET_ASIDE =
      Script.beside(SetAside.class, "index.lua", "set_aside.lua");

  private final Pipelines redis;
  private final Clock clock;
  private final int eventsKept;

  SetAside(Pipelines redis, Clock clock, int eventsKept) {
    this.redis = redis;
    this.clock = clock;
    this.eventsKept = eventsKept;
  }

  /**
   * @return completes, once it is noted, with whether it is as good as not there: else it must not
   *     be touched
   */
  CompletionStage<Boolean> note(
      Kind<?> kind, IndexMember member, byte[] seen, Decoded.Unreadable<?> found) {
    boolean moves = found instanceof Decoded.Bad && !Kinds.NEVER_MOVED.contains(kind);
    return note(kind, member, seen, found.reason(), moves ? "move" : "leave")
        .thenApply(noted -> moves);
  }

  private CompletionStage<?> note(
      Kind<?> kind, IndexMember member, byte[] seen, String reason, String what) {
    int shard = Shard.of(member.home());
    List<byte[]> keys = new ArrayList<>();
    keys.add(Keys.records(member.home()));
    keys.add(Keys.aside(shard));
    keys.add(Keys.events(shard));
    keys.add(Keys.index(shard, kind));
    keys.add(Keys.due(shard, kind));
    kind.index().ifPresent(index -> keys.add(Keys.indexBase(shard, index.of())));
    String name = kind.word() + ":" + member.id() + " of " + member.home();
    return redis
        .run(
            shard,
            SET_ASIDE,
            keys.toArray(byte[][]::new),
            Keys.field(kind, member.id()),
            seen,
            Bytes.of(what),
            Bytes.of(name),
            Bytes.of(reason),
            event(kind, member, reason),
            Bytes.of(eventsKept),
            member.bytes(),
            Bytes.of(member.home()),
            IndexLine.record(kind, member.id(), member.home()),
            Bytes.of(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString()))
        .thenAccept(
            reply -> {
              if (Bytes.number(reply) == 1) {
                log.warn("record {} is set aside: {}", name, reason);
              }
            });
  }

  private byte[] event(Kind<?> kind, IndexMember member, String reason) {
    Optional<EndpointName> device =
        EndpointName.fault(member.home()).isEmpty()
            ? Optional.of(new EndpointName(member.home()))
            : Optional.empty();
    Map<String, String> details =
        Map.of("kind", kind.word(), "home", member.home(), "id", member.id(), "reason", reason);
    FleetEvent event =
        new FleetEvent(clock.instant(), "record.set-aside", device, Optional.empty(), details);
    try {
      return RecordJson.MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
