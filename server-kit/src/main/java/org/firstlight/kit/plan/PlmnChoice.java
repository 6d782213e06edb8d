package org.firstlight.kit.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.plan.PlmnPolicy;

/**
 * The preferred PLMN list of one device: the user's choices that the operator allows, in order,
 * then the operator's others. Where the operator's policy is exclusive, what it does not name is
 * forbidden.
 *
 * @param plmns /13/0/6, best first
 * @param exclusive /13/0/7
 */
record PlmnChoice(List<String> plmns, boolean exclusive) {
  static PlmnChoice of(Optional<PlmnPolicy> policy, List<String> wanted) {
    boolean exclusive = policy.filter(PlmnPolicy::exclusive).isPresent();
    List<String> operators = policy.map(PlmnPolicy::plmns).orElse(List.of());
    Set<String> choice = new LinkedHashSet<>(wanted);
    if (exclusive) {
      choice.retainAll(operators);
    }
    choice.addAll(operators);
    return new PlmnChoice(new ArrayList<>(choice), exclusive);
  }

  /** Whether there is anything to tell the device. */
  boolean saysNothing() {
    return plmns.isEmpty() && !exclusive;
  }
}
