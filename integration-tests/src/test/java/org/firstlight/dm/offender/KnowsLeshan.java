package org.firstlight.dm.offender;

/** Does what the rules forbid: see ArchitectureTest. */
public record KnowsLeshan(org.eclipse.leshan.core.node.LwM2mNode forbidden) {}
