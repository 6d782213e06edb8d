package org.firstlight.bootstrap.admission;

import java.time.Duration;
import java.util.Optional;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.state.Stored;

/** Whether a Bootstrap-Request goes on. */
public sealed interface AdmissionOutcome {
  /**
   * @param device its record, with an owner
   */
  record Admitted(Stored<Device> device, Peer peer) implements AdmissionOutcome {
    public EndpointName endpointName() {
      return device.value().endpointName();
    }
  }

  /**
   * @param endpointName who it says it is, where that is a name at all
   * @param comeBackAfter for a refusal that passes by itself; empty: for good, as far as it goes
   * @param device its record, where there is one and the peer owns it
   * @param otherKey hex SHA-256 of the public key that it came with, where that is not the device's
   */
  record Refused(
      Optional<EndpointName> endpointName,
      Failure failure,
      Optional<Duration> comeBackAfter,
      Optional<Stored<Device>> device,
      Optional<String> otherKey)
      implements AdmissionOutcome {
    public Refused(
        Optional<EndpointName> endpointName,
        Failure failure,
        Optional<Duration> comeBackAfter,
        Optional<Stored<Device>> device) {
      this(endpointName, failure, comeBackAfter, device, Optional.empty());
    }
  }
}
