package org.firstlight.fleet.operation;

/** A request that a node sends. */
public record TakenOperation(QueuedOperation operation, Claim claim) {}
