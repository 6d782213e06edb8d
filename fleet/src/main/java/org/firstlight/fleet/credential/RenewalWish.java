package org.firstlight.fleet.credential;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;

/**
 * A device should get another certificate in the place of this one. Home and id are the endpoint
 * name.
 *
 * @param serialNumber of the certificate, hex; with another in use the wish is fulfilled
 * @param askedAt when somebody asked, or when it became due
 * @param toldAt when the device was told, or would not hear of it
 */
public record RenewalWish(
    EndpointName endpointName,
    int account,
    String serialNumber,
    Instant askedAt,
    Optional<Instant> toldAt) {

  public RenewalWish told(Instant now) {
    return new RenewalWish(endpointName, account, serialNumber, askedAt, Optional.of(now));
  }
}
