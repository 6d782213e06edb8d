package org.firstlight.fleet.registration;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What an Update changes; absent is unchanged. */
public record RegistrationUpdate(
    String id,
    Instant at,
    Optional<Duration> lifetime,
    Optional<String> binding,
    Optional<String> objectLinks,
    String address,
    String node) {}
