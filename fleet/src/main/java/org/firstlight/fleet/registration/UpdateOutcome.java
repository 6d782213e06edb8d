package org.firstlight.fleet.registration;

/** What became of a {@link RegistrationUpdate}. */
public sealed interface UpdateOutcome {
  record Stored() implements UpdateOutcome {}

  /** There is no such registration (the client gets 4.04). */
  record Unknown() implements UpdateOutcome {}

  /** Nothing was written: another Update was stored meanwhile, perhaps by another node. */
  record Overtaken(Whereabouts stored) implements UpdateOutcome {}
}
