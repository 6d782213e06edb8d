package org.firstlight.dm.audit;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/**
 * Whose device an act was done to: its owner's, whatever it was, and its manufacturer's where what
 * becomes of a device after the sale is not told by it.
 */
public final class Concerns {
  private static final Set<String> MAKERS =
      Set.of("device.revoke", "device.restore", "device.retire");

  private final BlockingState state;

  public Concerns(BlockingState state) {
    this.state = state;
  }

  /** The tenants whom an act on this device concerns at this moment. */
  public Set<String> of(String action, String endpointName) {
    Optional<Device> device =
        EndpointName.of(endpointName).isPresent()
            ? state.find(Kinds.DEVICE, endpointName).map(Stored::value)
            : Optional.empty();
    Set<String> tenants = new HashSet<>();
    device.flatMap(Device::owner).ifPresent(tenants::add);
    device.filter(one -> MAKERS.contains(action)).map(Device::manufacturer).ifPresent(tenants::add);
    return tenants;
  }
}
