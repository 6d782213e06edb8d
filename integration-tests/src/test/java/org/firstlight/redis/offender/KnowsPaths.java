package org.firstlight.redis.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record KnowsPaths(org.firstlight.objects.path.LwM2mPath forbidden) {}
