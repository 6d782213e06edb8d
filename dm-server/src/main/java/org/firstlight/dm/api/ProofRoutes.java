package org.firstlight.dm.api;

import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.AuthorityProofs;
import org.firstlight.dm.inventory.ManufacturerDocument;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.Manufacturer;

/** Takes what shows that a manufacturer holds the key of a CA that it is to be trusted for. */
final class ProofRoutes {
  private final AuthorityProofs proofs;

  ProofRoutes(AuthorityProofs proofs) {
    this.proofs = proofs;
  }

  record Proof(String certificate) {}

  Answer prove(Call call) {
    Principal by = call.principal();
    if (!by.isAdministrator() && !call.id().equals(by.tenant())) {
      throw Call.refusal(FailureCode.NOT_FOUND, "there is no such manufacturer");
    }
    Proof proof = call.body(Proof.class);
    Stored<Manufacturer> now = Call.demand(proofs.prove(call.id(), proof.certificate()));
    return Answer.ok(ManufacturerDocument.of(now)).withVersion(now.version());
  }
}
