package org.firstlight.bootstrap.session;

import java.time.Instant;
import java.util.List;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Admitted;
import org.firstlight.bootstrap.enrolment.Enrolled;
import org.firstlight.bootstrap.transport.BootstrapRequest;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.session.Step;
import org.firstlight.kit.plan.CheckedPlan;

/**
 * Everything that a session begins with: what the steps before it left behind.
 *
 * @param id sorts by time
 * @param steps of the journey so far, handshake to enrolment
 */
public record SessionStart(
    String id,
    Instant at,
    BootstrapRequest request,
    Admitted admitted,
    CheckedPlan plan,
    Enrolled enrolled,
    List<Step> steps) {
  public SessionStart {
    steps = List.copyOf(steps);
  }

  EndpointName endpointName() {
    return admitted.endpointName();
  }
}
