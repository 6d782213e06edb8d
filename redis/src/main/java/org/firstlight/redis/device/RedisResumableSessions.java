package org.firstlight.redis.device;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.ResumableSessions;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;
import org.firstlight.redis.pipeline.Keys;
import org.firstlight.redis.pipeline.Pipelines;
import redis.clients.jedis.Protocol.Command;

/** Each session in a key that expires: "1 keyId box". */
public final class RedisResumableSessions implements ResumableSessions {
  private static final String FORMAT = "1";

  private final Pipelines redis;

  public RedisResumableSessions(Pipelines redis) {
    this.redis = redis;
  }

  @Override
  public CompletionStage<Void> keep(String id, EncryptedSecret session, Duration lifetime) {
    return redis
        .send(
            Shard.of(id),
            Command.SET,
            Keys.session(id),
            Bytes.of(String.join(" ", FORMAT, session.keyId(), session.box())),
            Bytes.of("PX"),
            Bytes.of(lifetime.toMillis()))
        .thenAccept(done -> {});
  }

  @Override
  public CompletionStage<Optional<EncryptedSecret>> find(String id) {
    return redis
        .send(Shard.of(id), Command.GET, Keys.session(id))
        .thenApply(
            reply -> reply instanceof byte[] line ? parse(Bytes.text(line)) : Optional.empty());
  }

  /** One of another format is as good as none: the device shakes hands in full. */
  private static Optional<EncryptedSecret> parse(String line) {
    String[] parts = line.split(" ", -1);
    return parts.length == 3 && parts[0].equals(FORMAT)
        ? Optional.of(new EncryptedSecret(parts[1], parts[2]))
        : Optional.empty();
  }
}
