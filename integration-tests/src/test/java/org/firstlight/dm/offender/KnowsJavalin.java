package org.firstlight.dm.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record KnowsJavalin(io.javalin.Javalin forbidden) {}
