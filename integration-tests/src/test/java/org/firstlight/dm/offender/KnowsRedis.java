package org.firstlight.dm.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record KnowsRedis(org.firstlight.redis.RedisSettings forbidden) {}
