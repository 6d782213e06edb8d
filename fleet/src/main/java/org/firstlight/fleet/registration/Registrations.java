package org.firstlight.fleet.registration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;

/**
 * Stored registrations. Every stage completes after the write is acknowledged, from any thread, or
 * exceptionally with {@link org.firstlight.fleet.failure.DependencyUnavailableException}.
 */
public interface Registrations {
  /** Makes an id for a new registration of this endpoint: shard and random. */
  String newId(EndpointName endpointName);

  /**
   * Stores a registration, in place of an earlier one with the same account and endpoint.
   *
   * @return the one that it took the place of
   */
  CompletionStage<Optional<Registration>> register(Registration registration);

  /** The registration after the change; empty if the id is not known (the client gets 4.04). */
  CompletionStage<Optional<Registration>> update(RegistrationUpdate change);

  /** The registration that it removed; empty if the id is not known. */
  CompletionStage<Optional<Registration>> deregister(String id);

  CompletionStage<Optional<Registration>> findById(String id);

  CompletionStage<Optional<Registration>> find(int account, EndpointName endpointName);

  /** Every registration of the device, one per account. */
  CompletionStage<List<Registration>> findAll(EndpointName endpointName);

  /**
   * Removes and returns registrations that ended before {@code now}: each is given to one caller
   * only, at most {@code most} at a time. Until {@link #endRecorded} it is given again, a minute
   * later: whoever took it may have died with it.
   */
  CompletionStage<List<Registration>> takeExpired(Instant now, int most);

  /** What the end of a registration taken means is written down: it is not given again. */
  CompletionStage<Void> endRecorded(String id);
}
