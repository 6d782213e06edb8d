package org.firstlight.redis.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;

/** One command on its way to Redis: what is sent, and who waits for the reply. */
final class Call {
  private final ProtocolCommand command;
  private final byte[][] arguments;
  private final @Nullable Script script;
  private final long queuedNanos = System.nanoTime();
  private final CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
  private boolean withBody;

  private Call(ProtocolCommand command, byte[][] arguments, @Nullable Script script) {
    this.command = command;
    this.arguments = arguments;
    this.script = script;
  }

  static Call of(ProtocolCommand command, byte[]... arguments) {
    return new Call(command, arguments, null);
  }

  static Call of(Script script, byte[][] keys, byte[][] arguments) {
    byte[][] all = new byte[2 + keys.length + arguments.length][];
    all[0] = script.digest();
    all[1] = Integer.toString(keys.length).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(keys, 0, all, 2, keys.length);
    System.arraycopy(arguments, 0, all, 2 + keys.length, arguments.length);
    return new Call(Protocol.Command.EVALSHA, all, script);
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

  long queuedNanos() {
    return queuedNanos;
  }

  /** Makes it carry the script itself, once; false if it does already or has none. */
  boolean carryBody() {
    if (script == null || withBody) {
      return false;
    }
    arguments[0] = script.body();
    withBody = true;
    return true;
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
