package org.firstlight.fleet.operation;

import java.time.Instant;
import java.util.Optional;

/** A request that has ended, without what it carried. */
public record EndedOperation(
    String id,
    String operation,
    String path,
    Optional<String> tenant,
    Instant queuedAt,
    Instant endedAt,
    Ending ending) {
  static EndedOperation of(QueuedOperation operation, Instant at, Ending ending) {
    return new EndedOperation(
        operation.id(),
        operation.operation(),
        operation.path(),
        operation.tenant(),
        operation.queuedAt(),
        at,
        ending);
  }
}
