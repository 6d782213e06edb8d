package org.firstlight.kit.plan;

import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.objects.path.LwM2mPath;

/**
 * A composed plan that nobody has checked.
 *
 * @param serverUri of the LwM2M Server, for /0/x/0
 * @param deletes paths to delete first, in order
 * @param security the server's /0 instance, but for the credential
 * @param writes what comes after it, in order
 * @param subscription the package that is among the writes, or is on the eUICC already
 * @param faults what could not even be composed, in words
 */
record PlanDraft(
    OnboardingPlan source,
    String serverUri,
    List<LwM2mPath> deletes,
    PlannedWrite security,
    List<PlannedWrite> writes,
    Optional<SubscriptionChoice.Chosen> subscription,
    List<String> faults) {
  PlanDraft {
    deletes = List.copyOf(deletes);
    writes = List.copyOf(writes);
    faults = List.copyOf(faults);
  }
}
