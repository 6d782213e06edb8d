package org.firstlight.fleet.state;

import java.util.List;

/** What became of a {@link Change}. */
public sealed interface CommitOutcome {
  /** Stands for a kind where a registration lost the race. */
  String REGISTRATION = "registration";

  /**
   * Stored, as durable as the deployment's Redis makes it.
   *
   * @param versions new version per edit, in order; 0 for a deletion
   */
  record Committed(List<Long> versions) implements CommitOutcome {}

  /**
   * Somebody else was faster: nothing was written.
   *
   * @param kind the kind's word, or {@link #REGISTRATION}
   */
  record Conflict(String kind, String id, long currentVersion) implements CommitOutcome {}
}
