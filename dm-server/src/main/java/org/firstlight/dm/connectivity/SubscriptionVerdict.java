package org.firstlight.dm.connectivity;

import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.registration.DeviceJournal;
import org.firstlight.dm.registration.DeviceJournal.Entry;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.kit.subscription.Receipt;
import org.firstlight.kit.subscription.ReceiptCheck;
import org.firstlight.kit.subscription.ReceiptCheck.Expected;
import org.firstlight.kit.subscription.ReceiptCheck.Verified;

/**
 * Decides by the eUICC's receipt what became of a subscription, and writes it down: only a receipt
 * that verifies makes it installed, and lets the sealed bytes go.
 */
public final class SubscriptionVerdict {
  private final FleetState records;
  private final DeviceJournal journal;
  private final ReceiptCheck check;
  private final Clock clock;

  public SubscriptionVerdict(
      FleetState records, DeviceJournal journal, ReceiptCheck check, Clock clock) {
    this.records = records;
    this.journal = journal;
    this.check = check;
    this.clock = clock;
  }

  /**
   * @param receipt "verified", "refused" or "none", as the journey shows it
   */
  private record Conclusion(SealedSubscription subscription, String receipt) {
    boolean installed() {
      return subscription.state() != SubscriptionState.FAILED;
    }
  }

  CompletionStage<Void> conclude(
      EndpointName endpointName, String packageId, SubscriptionReport report) {
    return journal
        .write(
            endpointName,
            (device, journey) ->
                records
                    .find(Kinds.SUBSCRIPTION, endpointName.value(), packageId)
                    .thenApply(
                        found ->
                            found
                                .filter(
                                    stored ->
                                        stored.value().state() == SubscriptionState.INSTALL_PENDING)
                                .map(
                                    stored ->
                                        entry(
                                            device,
                                            journey,
                                            stored,
                                            judge(stored.value(), report)))))
        .thenApply(device -> null);
  }

  private Conclusion judge(SealedSubscription pending, SubscriptionReport report) {
    if (report.receipt().isEmpty()) {
      return failed(pending, report.failure().orElse("there is no receipt"), "none");
    }
    byte[] signed = report.receipt().get();
    ReceiptCheck.Verdict verdict =
        check.check(
            signed,
            new Expected(
                pending.eid(), pending.packageId(), pending.packageSha256(), pending.counter()));
    if (!(verdict instanceof Verified verified)) {
      return failed(pending, ((ReceiptCheck.Refused) verdict).reason(), "refused");
    }
    Receipt receipt = verified.receipt();
    if (!receipt.result().success()) {
      return failed(pending, "the eUICC says: " + receipt.result().words(), "verified");
    }
    SubscriptionState state =
        receipt.result() == Receipt.Result.ENABLED
            ? SubscriptionState.ENABLED
            : SubscriptionState.INSTALLED;
    return new Conclusion(
        pending
            .become(state, "the eUICC says: " + receipt.result().words(), clock.instant())
            .withReceipt(
                Base64.getEncoder().encodeToString(signed), receipt.iccid().or(report::iccid)),
        "verified");
  }

  private Conclusion failed(SealedSubscription pending, String cause, String receipt) {
    return new Conclusion(
        pending.become(SubscriptionState.FAILED, cause, clock.instant()), receipt);
  }

  private Entry entry(
      Device device,
      JourneyRecord journey,
      Stored<SealedSubscription> before,
      Conclusion conclusion) {
    return new Entry(
        device,
        Optional.of(step(journey, before.value(), conclusion)),
        List.of(
            new Change.Edit.Put<>(
                Kinds.SUBSCRIPTION, before.id(), before.version(), conclusion.subscription())),
        List.of(event(device, conclusion)));
  }

  /** Completes the step that the bootstrap began when it delivered the package. */
  private Step step(JourneyRecord journey, SealedSubscription pending, Conclusion conclusion) {
    Optional<Step> begun =
        journey.steps().stream().filter(step -> step.name().equals("subscription")).findFirst();
    Map<String, String> details = new TreeMap<>(begun.map(Step::details).orElse(Map.of()));
    details.put("receipt", conclusion.receipt());
    if (!conclusion.installed()) {
      details.put("reason", conclusion.subscription().cause());
    }
    return new Step(
        "subscription",
        begun.map(Step::at).orElse(pending.stateSince()),
        Duration.between(pending.stateSince(), clock.instant()).toMillis(),
        conclusion.installed(),
        details);
  }

  /** For the operator whose subscription it is. */
  private FleetEvent event(Device device, Conclusion conclusion) {
    SealedSubscription subscription = conclusion.subscription();
    return new FleetEvent(
        clock.instant(),
        "subscription." + subscription.state().name().toLowerCase(Locale.ROOT),
        Optional.of(device.endpointName()),
        Optional.of(subscription.tenant()),
        Map.of(
            "packageId",
            subscription.packageId(),
            "receipt",
            conclusion.receipt(),
            "cause",
            subscription.cause()));
  }
}
