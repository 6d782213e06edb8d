package org.firstlight.fleet.state;

import java.util.ArrayList;
import java.util.List;
import org.firstlight.fleet.session.Step;

/**
 * The steps of a device's current onboarding, in the order they happened, from both servers. A
 * Bootstrap-Request that is admitted begins it anew.
 */
public record JourneyRecord(List<Step> steps) {
  public JourneyRecord {
    steps = List.copyOf(steps);
  }

  /** With this step: in place of an earlier one of its name, else at the end. */
  public JourneyRecord and(Step step) {
    List<Step> all = new ArrayList<>(steps);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).name().equals(step.name())) {
        all.set(i, step);
        return new JourneyRecord(all);
      }
    }
    all.add(step);
    return new JourneyRecord(all);
  }
}
