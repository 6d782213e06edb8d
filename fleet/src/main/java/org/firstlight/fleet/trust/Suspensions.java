package org.firstlight.fleet.trust;

import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;

/**
 * The manufacturers that are not trusted now, suspended or retired. A device's is known by how its
 * endpoint name begins: no two manufacturers' namespaces overlap. Immutable.
 */
public final class Suspensions {
  /** Nobody is suspended. */
  public static final Suspensions NONE = new Suspensions(List.of());

  private final List<Manufacturer> suspended;

  private Suspensions(List<Manufacturer> suspended) {
    this.suspended = suspended;
  }

  public static Suspensions of(List<Manufacturer> manufacturers) {
    return new Suspensions(
        manufacturers.stream()
            .filter(one -> one.state() != Manufacturer.State.ACTIVE)
            .filter(one -> !one.namespace().isEmpty())
            .toList());
  }

  public boolean isEmpty() {
    return suspended.isEmpty();
  }

  /** Why this device is cut off, if its manufacturer is suspended or retired. */
  public Optional<Failure> refuse(EndpointName name) {
    for (Manufacturer one : suspended) {
      if (name.value().startsWith(one.namespace())) {
        return Optional.of(
            Failure.of(
                FailureCode.FORBIDDEN,
                "its manufacturer '%s' is %s".formatted(one.id(), one.state().word())));
      }
    }
    return Optional.empty();
  }
}
