package org.firstlight.dm.registration;

import org.firstlight.fleet.failure.Failure;

/** What the client is told; everything it says is stored by then. */
sealed interface Answer {
  /** 2.01, Location {@code /rd/<id>}. */
  record Created(String id) implements Answer {}

  /** 2.04. */
  record Changed() implements Answer {}

  /** 2.02. */
  record Deleted() implements Answer {}

  record Refused(Failure failure) implements Answer {}

  /**
   * An answer, and what runs after it is on its way: the device must have it before it is asked
   * anything.
   */
  record Reply(Answer answer, Runnable afterwards) {
    static Reply of(Answer answer) {
      return new Reply(answer, () -> {});
    }
  }
}
