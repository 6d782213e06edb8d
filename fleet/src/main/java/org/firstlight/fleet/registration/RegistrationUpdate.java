package org.firstlight.fleet.registration;

import java.time.Instant;
import java.util.Optional;

/**
 * An Update, from whereabouts that are believed to be stored to those that shall be: somebody who
 * knows them writes nothing but the time.
 *
 * @param objectLinks where they changed
 */
public record RegistrationUpdate(
    String id, Instant at, Whereabouts known, Whereabouts now, Optional<String> objectLinks) {}
