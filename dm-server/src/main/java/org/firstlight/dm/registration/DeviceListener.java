package org.firstlight.dm.registration;

import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;

/** A part of the pipeline that acts when a registered device is heard of. */
public interface DeviceListener {
  enum Occasion {
    /** It registered: it may have forgotten everything. */
    REGISTERED,
    /** Its Update names other objects than before. */
    OBJECTS_CHANGED,
    /** The first Update since this node started, or forgot it. */
    HEARD_AGAIN
  }

  /**
   * Whether there may be something to do now. All parts are asked at once, so that what they look
   * for goes to state together; the first that says yes, and those after it, are then called.
   */
  CompletionStage<Boolean> concerns(Registration registration, Occasion occasion);

  /** Completes when this part has done what it does now; then the next one is called. */
  CompletionStage<Void> heard(Registration registration, Occasion occasion);

  /** Any other Update: by far the most, and mostly of no interest. */
  default void updated(EndpointName endpointName) {}
}
