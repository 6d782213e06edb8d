package org.firstlight.dm.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.claim.ClaimLine;
import org.firstlight.dm.claim.ClaimList;
import org.firstlight.dm.claim.ClaimWish;
import org.firstlight.dm.claim.Claims;
import org.firstlight.dm.claim.Handover;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Stored;

/** Owning a device. */
final class ClaimRoutes {
  private static final int LARGEST_CLAIM = 8192;

  private final Claims claims;
  private final Handover handover;
  private final Devices devices;

  ClaimRoutes(Claims claims, Handover handover, Devices devices) {
    this.claims = claims;
    this.handover = handover;
    this.devices = devices;
  }

  record Wish(
      String code,
      Optional<String> tenant,
      Optional<List<String>> preferredPlmns,
      Optional<String> country,
      Optional<String> coverage,
      Optional<String> servicePlan,
      Optional<Set<String>> tags) {
    ClaimLine line() {
      return new ClaimLine(code, preferredPlmns, country, coverage, servicePlan, tags);
    }

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

  /** One device, or a fleet as NDJSON. */
  Answer claim(Call call) throws IOException {
    return call.isOfType("application/x-ndjson") ? claimFleet(call) : claimOne(call);
  }

  private Answer claimOne(Call call) {
    Wish wish = call.body(Wish.class, LARGEST_CLAIM);
    ClaimWish wanted = Call.demand(wish.line().wish(owner(call, wish.tenant())));
    Stored<Device> device = Call.demand(claims.claim(wish.code(), wanted, call.principal()));
    return Answer.created(new Claimed(device.id()))
        .withVersion(device.version())
        .about(device.id());
  }

  private Answer claimFleet(Call call) throws IOException {
    String owner = owner(call, call.query("tenant"));
    DeviceRoutes.Imported claimed =
        DeviceRoutes.Imported.of(
            new ClaimList(claims).read(call.stream(ClaimList.LARGEST), owner, call.principal()));
    return Answer.ok(claimed).about(claimed.inShort());
  }

  private static String owner(Call call, Optional<String> wished) {
    Principal by = call.principal();
    if (!by.isAdministrator() && wished.filter(own -> !own.equals(by.tenant())).isPresent()) {
      throw Call.refusal(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    return wished.orElse(by.tenant());
  }

  Answer release(Call call) {
    Handover.Released released =
        Call.demand(handover.release(seen(call).value().endpointName(), call.ifMatch()));
    return Answer.ok(new Released(released.code())).withVersion(released.version());
  }

  record Heir(String tenant) {}

  /**
   * @param claimCode good for that tenant alone; empty where the device is that tenant's by now
   */
  record Transferred(String tenant, Optional<String> claimCode) {
    @Override
    public String toString() {
      return "Transferred[" + tenant + "]";
    }
  }

  /** At once by the platform operator, as an offer by an owner. */
  Answer transfer(Call call) {
    EndpointName name = seen(call).value().endpointName();
    String tenant = call.body(Heir.class).tenant();
    if (!Texts.isId(tenant)) {
      throw Call.refusal(FailureCode.MALFORMED, "tenant: is the id of the next owner");
    }
    String target = name + " to " + tenant;
    if (call.principal().isAdministrator()) {
      long version = Call.demand(handover.transfer(name, call.ifMatch(), tenant)).version();
      return Answer.ok(new Transferred(tenant, Optional.empty()))
          .withVersion(version)
          .about(target);
    }
    if (tenant.equals(call.principal().tenant())) {
      throw Call.refusal(FailureCode.CONFLICT, "it is this tenant's already");
    }
    Handover.Released offered = Call.demand(handover.offer(name, call.ifMatch(), tenant));
    return Answer.ok(new Transferred(tenant, Optional.of(offered.code())))
        .withVersion(offered.version())
        .about(target);
  }

  private Stored<Device> seen(Call call) {
    return Call.demand(devices.find(call.param("endpointName"), call.principal()));
  }
}
