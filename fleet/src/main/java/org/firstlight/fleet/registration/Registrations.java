package org.firstlight.fleet.registration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;

/**
 * Stored registrations: they begin and end with a {@link org.firstlight.fleet.state.Change} of
 * their device, and are found and updated here. Every stage completes after state has answered,
 * from any thread, or exceptionally with {@link
 * org.firstlight.fleet.failure.DependencyUnavailableException}.
 */
public interface Registrations {
  /** Makes an id for a new registration of this endpoint: shard and random. */
  String newId(EndpointName endpointName);

  CompletionStage<UpdateOutcome> update(RegistrationUpdate update);

  CompletionStage<Optional<Registration>> findById(String id);

  CompletionStage<Optional<Registration>> find(int account, EndpointName endpointName);

  /** Every registration of the device, one per account. */
  CompletionStage<List<Registration>> findAll(EndpointName endpointName);

  /**
   * Registrations whose Lifetime ended before {@code now}, at most {@code most}. They stay until a
   * {@link RegistrationEdit.Expire} is committed.
   */
  CompletionStage<List<Registration>> due(Instant now, int most);
}
