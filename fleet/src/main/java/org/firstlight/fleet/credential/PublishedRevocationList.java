package org.firstlight.fleet.credential;

import java.time.Instant;

/**
 * What the operational CA's newest CRL says of itself; its bytes lie beside it.
 *
 * @param number CRL number: each list has a higher one than all before
 * @param entries how many certificates it names
 * @param sha256 hex digest of its DER
 */
public record PublishedRevocationList(
    long number, Instant thisUpdate, Instant nextUpdate, int entries, String sha256) {
  /** Home and id of both records. */
  public static final String ID = "operational-ca";

  /** The number of the list after this moment's newest: also after a restore of an old backup. */
  public static long numberAfter(long newest, Instant now) {
    return Math.max(newest + 1, now.getEpochSecond());
  }
}
