package org.firstlight.bootstrap.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record KnowsRedis(org.firstlight.redis.RedisSettings forbidden) {}
