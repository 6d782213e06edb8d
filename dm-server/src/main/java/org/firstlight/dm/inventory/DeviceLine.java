package org.firstlight.dm.inventory;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;

/**
 * One device of a shipment list, as its manufacturer wrote it.
 *
 * @param claimCode as it stands on the box; only its hash is kept
 */
public record DeviceLine(
    String endpointName,
    String manufacturer,
    String factoryId,
    String model,
    String serialNumber,
    Optional<String> eid,
    Optional<String> claimCode,
    Optional<String> claimCodeSha256,
    Optional<String> factoryKeySha256,
    Optional<Set<String>> tags) {
  private static final String HEX_SHA256 = "[0-9a-f]{64}";

  /** The device that is expected from now on. */
  public Outcome<Device> device(Instant now) {
    Optional<String> fault =
        EndpointName.fault(endpointName)
            .or(() -> length("manufacturer", manufacturer, 64))
            .or(() -> length("factoryId", factoryId, 128))
            .or(() -> length("model", model, 64))
            .or(() -> length("serialNumber", serialNumber, 64))
            .or(() -> eid.flatMap(DeviceLine::eidFault))
            .or(() -> claimCode.flatMap(ClaimCode::fault).map(why -> "claimCode: " + why))
            .or(() -> hash("claimCodeSha256", claimCodeSha256))
            .or(() -> hash("factoryKeySha256", factoryKeySha256))
            .or(() -> tags.flatMap(Tags::fault));
    if (fault.isPresent()) {
      return Outcome.refused(FailureCode.MALFORMED, fault.get());
    }
    if (claimCode.isPresent() && claimCodeSha256.isPresent()) {
      return Outcome.refused(
          FailureCode.MALFORMED, "claimCode and claimCodeSha256 are both there, one is wanted");
    }
    return Outcome.done(
        new Device(
            new EndpointName(endpointName),
            manufacturer,
            factoryId,
            factoryKeySha256,
            model,
            serialNumber,
            eid.map(Eid::new),
            claimCode.map(ClaimCode::sha256).or(() -> claimCodeSha256),
            Optional.empty(),
            DeviceState.EXPECTED,
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            tags.orElse(Set.of()),
            Optional.empty()));
  }

  private static Optional<String> length(String name, String value, int most) {
    boolean good =
        !value.isBlank() && value.length() <= most && value.chars().noneMatch(c -> c < ' ');
    return good
        ? Optional.empty()
        : Optional.of("%s: has 1 to %d printable characters".formatted(name, most));
  }

  private static Optional<String> eidFault(String eid) {
    try {
      new Eid(eid);
      return Optional.empty();
    } catch (IllegalArgumentException wrong) {
      return Optional.of("eid: " + wrong.getMessage());
    }
  }

  private static Optional<String> hash(String name, Optional<String> value) {
    return value
        .filter(hex -> !hex.matches(HEX_SHA256))
        .map(hex -> name + ": is not 64 lower-case hex digits");
  }
}
