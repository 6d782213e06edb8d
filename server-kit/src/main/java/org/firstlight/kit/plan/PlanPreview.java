package org.firstlight.kit.plan;

import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.objects.path.LwM2mPath;

/**
 * What a device would be written if it came now, and why. Nothing can be written from it: it has no
 * credential, and is no {@link CheckedPlan}.
 *
 * @param candidates every plan, the best first
 * @param chosen the one that counts; empty where none fits
 * @param waiting what a person must still do before the device gets it; empty if nothing
 * @param faults why the plan would be refused as a whole; empty if it would not
 * @param deletes what is deleted first, in order
 * @param writes in order; the first is the server account's /0 instance, without its credential
 */
public record PlanPreview(
    List<PlanCandidate> candidates,
    Optional<OnboardingPlan> chosen,
    Optional<String> waiting,
    List<String> faults,
    List<LwM2mPath> deletes,
    List<PlannedWrite> writes) {
  public PlanPreview {
    candidates = List.copyOf(candidates);
    faults = List.copyOf(faults);
    deletes = List.copyOf(deletes);
    writes = List.copyOf(writes);
  }
}
