package org.firstlight.redis.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;

/** One command on its way to Redis: what is sent, and who waits for the reply. */
final class Call {
  private static final int NO_SHARD = -1;

  private final int shard;
  private final ProtocolCommand command;
  private final byte[][] arguments;
  private final @Nullable Script script;
  private final long queuedNanos = System.nanoTime();
  private final CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
  private boolean withBody;
  private boolean asks;

  private Call(int shard, ProtocolCommand command, byte[][] arguments, @Nullable Script script) {
    this.shard = shard;
    this.command = command;
    this.arguments = arguments;
    this.script = script;
  }

  /** Asks for a sign of life; no shard's. */
  static Call ping() {
    return of(NO_SHARD, Protocol.Command.PING);
  }

  static Call of(int shard, ProtocolCommand command, byte[]... arguments) {
    return new Call(shard, command, arguments, null);
  }

  static Call of(int shard, Script script, byte[][] keys, byte[][] arguments) {
    byte[][] all = new byte[2 + keys.length + arguments.length][];
    all[0] = script.digest();
    all[1] = Integer.toString(keys.length).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(keys, 0, all, 2, keys.length);
    System.arraycopy(arguments, 0, all, 2 + keys.length, arguments.length);
    return new Call(shard, Protocol.Command.EVALSHA, all, script);
  }

  int shard() {
    return shard;
  }

  /** Whether it goes to a node that is taking its shard over, which must be asked to serve it. */
  boolean asks() {
    return asks;
  }

  /** Whether it goes where its shard goes, and that is among these. */
  boolean follows(boolean[] shards) {
    return shard != NO_SHARD && !asks && shards[shard];
  }

  void ask(boolean aside) {
    asks = aside;
  }

  ProtocolCommand command() {
    return withBody ? Protocol.Command.EVAL : command;
  }

  byte[][] arguments() {
    return arguments;
  }

  CompletableFuture<@Nullable Object> reply() {
    return reply;
  }

  boolean isOverdue(long nowNanos) {
    return nowNanos - queuedNanos > RedisPipeline.PATIENCE.toNanos();
  }

  /** Makes it carry the script itself: the node does not know it yet. */
  void carryBody() {
    if (script != null) {
      arguments[0] = script.body();
      withBody = true;
    }
  }

  int bytes() {
    int sum = 0;
    for (byte[] argument : arguments) {
      sum += argument.length + 16;
    }
    return sum;
  }

  @Override
  public String toString() {
    return script == null ? command.toString() : script.toString();
  }
}
