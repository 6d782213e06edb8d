package org.firstlight.dm.api;

import java.util.List;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.claim.Claims;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.fleet.device.ClaimCode;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Stored;

/** Owning a device. */
final class ClaimRoutes {
  private static final int MOST_PLMNS = 20;

  private final Claims claims;
  private final Devices devices;

  ClaimRoutes(Claims claims, Devices devices) {
    this.claims = claims;
    this.devices = devices;
  }

  record Wish(String code, Optional<String> tenant, Optional<List<String>> preferredPlmns) {
    @Override
    public String toString() {
      return "Wish[]";
    }
  }

  record Claimed(String endpointName) {}

  record Released(String claimCode) {
    @Override
    public String toString() {
      return "Released[]";
    }
  }

  Answer claim(Call call) {
    Wish wish = call.body(Wish.class, 8192);
    Principal by = call.principal();
    ClaimCode.fault(wish.code())
        .ifPresent(
            why -> {
              throw Call.refusal(FailureCode.MALFORMED, "code: " + why);
            });
    if (!by.isAdministrator()
        && wish.tenant().filter(own -> !own.equals(by.tenant())).isPresent()) {
      throw Call.refusal(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    List<String> plmns = wish.preferredPlmns().orElse(List.of());
    if (plmns.size() > MOST_PLMNS || !plmns.stream().allMatch(one -> one.matches("[0-9]{5,6}"))) {
      throw Call.refusal(
          FailureCode.MALFORMED, "preferredPlmns: are up to 20, each MCC and MNC, 5 or 6 digits");
    }
    Stored<Device> device =
        Call.demand(claims.claim(wish.code(), wish.tenant().orElse(by.tenant()), plmns, by));
    return Answer.created(new Claimed(device.id()))
        .withVersion(device.version())
        .about(device.id());
  }

  Answer release(Call call) {
    EndpointName name =
        Call.demand(devices.find(call.param("endpointName"), call.principal()))
            .value()
            .endpointName();
    Claims.Released released = Call.demand(claims.release(name, call.ifMatch()));
    return Answer.ok(new Released(released.code())).withVersion(released.version());
  }
}
