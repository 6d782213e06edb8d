package org.firstlight.bootstrap.transport;

import java.util.concurrent.CompletionStage;

/** Decides on a Bootstrap-Request, and later, from any thread, says what to answer. */
public interface BootstrapHandler {
  /** A stage that fails for lack of state is answered with 5.03. */
  CompletionStage<BootstrapAnswer> handle(BootstrapRequest request);
}
