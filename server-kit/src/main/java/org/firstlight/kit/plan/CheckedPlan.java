package org.firstlight.kit.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.plan.CertificateUsage;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.objects.path.LwM2mPath;

/** A plan for one device in which every value is right: the only one that a session writes. */
public final class CheckedPlan {
  private final PlanDraft draft;

  /** For {@link PlanChecker} alone. */
  CheckedPlan(PlanDraft draft) {
    this.draft = draft;
  }

  public String id() {
    return draft.source().id();
  }

  /**
   * What it is called in a journey: its id, and which of its versions it is where that is known.
   */
  public Map<String, String> named() {
    Map<String, String> named = new HashMap<>(Map.of("plan", id()));
    draft
        .source()
        .revision()
        .ifPresent(revision -> named.put("version", Long.toString(revision.number())));
    return named;
  }

  /** Short server id of the account that it writes. */
  public int account() {
    return draft.source().account().shortServerId();
  }

  public CredentialKind credentialKind() {
    return draft.source().credential();
  }

  /** How the device is to trust the server, where its credential is a certificate. */
  public CertificateUsage certificateUsage() {
    return draft.source().account().certificateUsage();
  }

  /** Where the device finds the server. */
  public String serverUri() {
    return draft.serverUri();
  }

  public SubscriptionDelivery delivery() {
    return draft.source().subscription();
  }

  /** The subscription that the device has after this session; empty if the plan gives none. */
  public Optional<SubscriptionChoice.Chosen> subscription() {
    return draft.subscription();
  }

  public Timing timing() {
    return draft.source().timing();
  }

  /** Whether a device may lack this Object. */
  public boolean mayLack(int objectId) {
    return draft.source().optional().contains(objectId);
  }

  public List<LwM2mPath> deletes() {
    return draft.deletes();
  }

  /** Every write in order: the server account with this credential first. */
  public List<PlannedWrite> writes(AccountCredential credential) {
    List<PlannedWrite> all = new ArrayList<>();
    all.add(draft.security().with(credential.resources()));
    all.addAll(draft.writes());
    return all;
  }
}
