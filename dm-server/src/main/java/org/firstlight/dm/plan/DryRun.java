package org.firstlight.dm.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.ClaimAnswers;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.PlanRevision;
import org.firstlight.kit.plan.PlanCandidate;
import org.firstlight.kit.plan.PlanPreview;
import org.firstlight.kit.plan.PlannedWrite;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.ValueText;

/**
 * What a device would be written if it came now, as people read it: no secret, no sealed byte. Who
 * may not see a plan learns that it goes before its own, and no more.
 *
 * @param waiting why it would be told to come later, or not at all; empty if it would not
 * @param plan the one that counts; empty where none fits, or where it is not the asker's to see
 * @param candidates the plans that the asker may see, the best first, and the one that counts
 * @param faults why the plan would be refused as a whole
 * @param deletes paths that are deleted first, in order
 * @param writes what is written then, in order
 */
public record DryRun(
    String endpointName,
    Optional<String> waiting,
    Optional<Named> plan,
    List<Candidate> candidates,
    List<String> faults,
    List<String> deletes,
    List<Write> writes) {
  private static final int APN = 11;

  /**
   * @param version empty for one that nobody has saved
   */
  public record Named(String id, Optional<Long> version) {
    static Named of(OnboardingPlan plan) {
      return new Named(plan.id(), plan.revision().map(PlanRevision::number));
    }
  }

  /**
   * @param plan empty for another tenant's
   * @param misfits why it is not for this device, in words
   */
  public record Candidate(
      Optional<Named> plan, String tenant, int priority, boolean chosen, List<String> misfits) {}

  /**
   * @param required whether a refusal fails the bootstrap
   * @param why where the values come from
   */
  public record Write(String path, boolean required, String why, List<Value> values) {}

  /**
   * @param name of the Resource, where its model is known
   * @param value as text; in place of a secret or of bytes what it is
   */
  public record Value(String path, Optional<String> name, String value) {}

  /**
   * What is not so yet, taken as given.
   *
   * @param owner tenant of the one who has claimed it
   * @param country ISO 3166-1 alpha-2
   */
  public record Assumed(
      Optional<String> owner, Optional<String> country, Optional<List<String>> preferredPlmns) {
    /** The device as if it had been claimed so. */
    public Device applied(Device device) {
      Optional<Claim> claim = device.claim();
      Optional<String> whose = owner.or(() -> claim.map(Claim::tenant));
      Optional<String> where = country.or(() -> claim.flatMap(Claim::country));
      if (whose.isEmpty()) {
        return device;
      }
      return device.withClaim(
          Optional.of(
              new Claim(
                  whose.get(),
                  claim.map(Claim::at).orElse(device.stateSince()),
                  preferredPlmns.or(() -> claim.map(Claim::preferredPlmns)).orElse(List.of()),
                  where.map(
                      code ->
                          claim
                              .flatMap(Claim::answers)
                              .map(a -> new ClaimAnswers(code, a.coverage(), a.servicePlan()))
                              .orElse(new ClaimAnswers(code, "", ""))),
                  claim.flatMap(Claim::codeSha256))),
          device.claimCodeSha256());
    }
  }

  /** As this principal may see it. */
  public static DryRun of(Device device, PlanPreview preview, Principal by) {
    boolean seen = preview.chosen().filter(plan -> maySee(plan, by)).isPresent();
    return new DryRun(
        device.endpointName().value(),
        waiting(device, preview),
        preview.chosen().filter(plan -> seen).map(Named::of),
        candidates(preview, by),
        seen ? preview.faults() : List.of(),
        seen ? preview.deletes().stream().map(LwM2mPath::toString).toList() : List.of(),
        seen ? preview.writes().stream().map(DryRun::write).toList() : List.of());
  }

  private static boolean maySee(OnboardingPlan plan, Principal by) {
    return by.isAdministrator() || plan.tenant().equals(by.tenant());
  }

  private static Optional<String> waiting(Device device, PlanPreview preview) {
    if (device.state() == DeviceState.RETIRED) {
      return Optional.of("it is retired, and refused");
    }
    if (device.revocation().isPresent()) {
      return Optional.of("it is revoked, and refused");
    }
    return device.claim().isEmpty() ? Optional.of("waiting for its owner") : preview.waiting();
  }

  private static List<Candidate> candidates(PlanPreview preview, Principal by) {
    List<Candidate> shown = new ArrayList<>();
    for (PlanCandidate candidate : preview.candidates()) {
      OnboardingPlan plan = candidate.plan();
      boolean chosen = preview.chosen().filter(plan::equals).isPresent();
      if (maySee(plan, by)) {
        shown.add(
            new Candidate(
                Optional.of(Named.of(plan)),
                plan.tenant(),
                plan.priority(),
                chosen,
                candidate.misfits()));
      } else if (chosen) {
        shown.add(new Candidate(Optional.empty(), plan.tenant(), plan.priority(), true, List.of()));
      }
    }
    return shown;
  }

  private static Write write(PlannedWrite write) {
    List<Value> values = new ArrayList<>();
    write
        .values()
        .forEach(
            (path, value) -> values.add(new Value(path.toString(), name(path), text(path, value))));
    return new Write(write.path().toString(), write.required(), write.why(), values);
  }

  private static Optional<String> name(LwM2mPath path) {
    return ObjectModels.builtIn()
        .find(path.objectId())
        .map(ObjectDefinition::resources)
        .map(resources -> resources.get(path.resourceId()))
        .map(ResourceDefinition::name);
  }

  private static String text(LwM2mPath path, TypedValue value) {
    if (value instanceof TypedValue.Bytes bytes) {
      return "%d bytes".formatted(bytes.length());
    }
    boolean secret =
        path.objectId() == APN && OnboardingPlan.APN_SECRETS.contains(path.resourceId());
    return secret ? "a secret" : ValueText.format(value);
  }
}
