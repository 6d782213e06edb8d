package org.firstlight.kit.pki;

import java.time.Instant;
import java.util.Optional;

/** What a CA's OCSP responder says of one certificate (RFC 6960 §2.2), and until when. */
public sealed interface OcspStatement {
  /** Until when it holds, as the responder has it; empty if newer information is always there. */
  Optional<Instant> nextUpdate();

  /** It is not revoked. */
  record Good(Instant thisUpdate, Optional<Instant> nextUpdate) implements OcspStatement {}

  /**
   * @param reason as words have it, such as "key compromise"; empty if the CA gave none
   */
  record Revoked(Instant at, Optional<String> reason, Optional<Instant> nextUpdate)
      implements OcspStatement {}

  /** The responder does not know the certificate. */
  record Unknown(Optional<Instant> nextUpdate) implements OcspStatement {}
}
