package org.firstlight.dm.api;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.dm.custody.Custody;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;

/** Sealed subscriptions; their bytes go in and never come out here. */
final class SubscriptionRoutes {
  private static final long LARGEST_LIST = 100L * 1024 * 1024;

  private final Custody custody;

  SubscriptionRoutes(Custody custody) {
    this.custody = custody;
  }

  record View(
      String packageId,
      String operatorId,
      String tenant,
      String eid,
      String endpointName,
      long counter,
      Instant notBefore,
      Instant notAfter,
      String packageSha256,
      SubscriptionState state,
      Instant stateSince,
      String cause,
      Optional<String> iccid,
      boolean sealedHere,
      boolean receipt) {
    static View of(SealedSubscription one) {
      return new View(
          one.packageId(),
          one.operatorId(),
          one.tenant(),
          one.eid().value(),
          one.endpointName().value(),
          one.counter(),
          one.notBefore(),
          one.notAfter(),
          one.packageSha256(),
          one.state(),
          one.stateSince(),
          one.cause(),
          one.iccid(),
          one.sealed().isPresent(),
          one.receipt().isPresent());
    }
  }

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(
            call.page((cursor, limit) -> custody.list(call.principal(), cursor, limit)),
            stored -> View.of(stored.value())));
  }

  Answer importList(Call call) throws IOException {
    call.demandType("application/x-ndjson");
    DeviceRoutes.Imported imported =
        DeviceRoutes.Imported.of(
            Call.demand(custody.read(call.stream(LARGEST_LIST), call.principal())));
    return Answer.ok(imported).about(imported.inShort());
  }

  Answer get(Call call) {
    return Answer.ok(View.of(Call.demand(custody.find(call.param("packageId"), call.principal()))));
  }
}
