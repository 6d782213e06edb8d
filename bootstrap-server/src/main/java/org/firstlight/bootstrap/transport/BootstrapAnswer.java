package org.firstlight.bootstrap.transport;

import java.time.Duration;
import org.firstlight.fleet.failure.Failure;

/** The answer to a Bootstrap-Request. */
public sealed interface BootstrapAnswer {
  /**
   * 2.04.
   *
   * @param session begins the session, once the answer is on its way
   */
  record Begin(Runnable session) implements BootstrapAnswer {}

  /** 4.00: the device need not come again by itself. */
  record Refuse(Failure failure) implements BootstrapAnswer {}

  /** 5.03 with Max-Age: most clients never come back after a 4.00, but they do after this. */
  record NotNow(String reason, Duration maxAge) implements BootstrapAnswer {}
}
