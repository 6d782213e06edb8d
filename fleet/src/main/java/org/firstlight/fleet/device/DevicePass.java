package org.firstlight.fleet.device;

import java.time.Instant;

/**
 * What lets the end user who claimed a device look at it, and at nothing else. It ends with the
 * claim.
 *
 * @param id public part; finds the record in the device's home
 * @param secretSha256 hex; the secret has 256 random bits
 * @param tenant whose the device was when it was claimed
 * @param claimedAt when, by which the claim is known
 */
public record DevicePass(
    String id, String secretSha256, String tenant, Instant claimedAt, Instant expiresAt) {
  /** Whether it is still of this claim, and in time. */
  public boolean isGood(Claim claim, Instant now) {
    return claim.tenant().equals(tenant) && claimedAt.equals(claim.at()) && now.isBefore(expiresAt);
  }
}
