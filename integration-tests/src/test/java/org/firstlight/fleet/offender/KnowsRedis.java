package org.firstlight.fleet.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record KnowsRedis(redis.clients.jedis.Jedis forbidden) {}
