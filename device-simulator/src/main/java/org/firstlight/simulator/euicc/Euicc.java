package org.firstlight.simulator.euicc;

import java.util.concurrent.CompletionStage;
import org.firstlight.fleet.device.Eid;

/** What a device may ask of its eUICC. Fails with an {@code IOException} when it is not there. */
public interface Euicc {
  /** The biggest package an eUICC reads; a bigger one is refused without being kept. */
  int MAX_PACKAGE = 128 * 1024;

  /** Checks the sealed package, stores the profile, enables it; refusals are answers too. */
  CompletionStage<EuiccAnswer> install(Eid eid, byte[] sealedPackage);

  /** What it holds now, with the receipt of its last installation. */
  CompletionStage<EuiccAnswer> status(Eid eid);
}
