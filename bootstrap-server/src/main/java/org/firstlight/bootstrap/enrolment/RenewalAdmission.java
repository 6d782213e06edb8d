package org.firstlight.bootstrap.enrolment;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.firstlight.bootstrap.admission.Admission;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Refused;
import org.firstlight.bootstrap.admission.Refusals;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.bootstrap.trust.Peers;
import org.firstlight.bootstrap.trust.Peers.Known;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.coap.EstResource.Asked;
import org.firstlight.kit.enrolment.Renewer;
import org.firstlight.kit.enrolment.SimpleReenroll.Renewers;

/**
 * Who may renew a certificate at the bootstrap server: its holder, and by its factory certificate a
 * device that would be let in to bootstrap. Who is refused is written down, as there.
 */
public final class RenewalAdmission implements Renewers {
  private final Peers peers;
  private final Admission admission;
  private final Refusals refusals;

  public RenewalAdmission(Peers peers, Admission admission, Refusals refusals) {
    this.peers = peers;
    this.admission = admission;
    this.refusals = refusals;
  }

  @Override
  public CompletionStage<Outcome<Renewer>> of(Asked asked) {
    Optional<EndpointName> holder = peers.holder(asked.principal());
    return holder.isPresent() && asked.principal() instanceof X509CertPath path
        ? CompletableFuture.completedStage(Outcome.done(Renewer.by(holder.get(), path.getTarget())))
        : peers.at(asked.principal()).thenCompose(known -> of(known, asked));
  }

  private CompletionStage<Outcome<Renewer>> of(Known known, Asked asked) {
    if (known instanceof Known.Nobody nobody) {
      return CompletableFuture.completedStage(Outcome.refused(nobody.failure()));
    }
    return ((Known.As) known).peer() instanceof Peer.Factory factory
        ? of(factory, asked)
        : CompletableFuture.completedStage(
            Outcome.refused(FailureCode.FORBIDDEN, "renewal is for who came with a certificate"));
  }

  private CompletionStage<Outcome<Renewer>> of(Peer.Factory factory, Asked asked) {
    return admission
        .decide(factory, factory.endpointName())
        .thenCompose(
            outcome ->
                outcome instanceof Refused refused
                    ? refusals
                        .record(refused, asked.address())
                        .thenApply(stored -> Outcome.refused(refused.failure()))
                    : CompletableFuture.completedStage(
                        Outcome.done(
                            Renewer.byFactory(
                                new EndpointName(factory.endpointName().orElseThrow()),
                                factory.keySha256()))));
  }
}
