package org.firstlight.fleet.state;

import java.util.ArrayList;
import java.util.List;
import org.firstlight.fleet.session.Step;

/**
 * The steps of a device's current onboarding, from both servers, in the order of the journey. A
 * Bootstrap-Request that is admitted begins it anew.
 */
public record JourneyRecord(List<Step> steps) {
  private static final List<String> ORDER =
      List.of(
          "handshake",
          "admission",
          "plan",
          "enrolment",
          "bootstrap",
          "subscription",
          "attach",
          "register",
          "configuration");

  public JourneyRecord {
    steps = List.copyOf(steps);
  }

  /** With this step: in place of an earlier one of its name, else where the journey has it. */
  public JourneyRecord and(Step step) {
    List<Step> all = new ArrayList<>(steps);
    all.removeIf(earlier -> earlier.name().equals(step.name()));
    int at = 0;
    while (at < all.size() && rank(all.get(at)) <= rank(step)) {
      at++;
    }
    all.add(at, step);
    return new JourneyRecord(all);
  }

  private static int rank(Step step) {
    int rank = ORDER.indexOf(step.name());
    return rank < 0 ? ORDER.size() : rank;
  }
}
