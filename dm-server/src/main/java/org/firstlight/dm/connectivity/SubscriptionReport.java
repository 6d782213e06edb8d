package org.firstlight.dm.connectivity;

import java.util.Optional;

/**
 * What a device shows in /505/0.
 *
 * @param updateResult /505/0/7: 1 is success
 * @param iccid /505/0/14, the first
 * @param receipt /505/0/26241; empty while there is none
 */
record SubscriptionReport(
    Optional<Long> updateState,
    Optional<Long> updateResult,
    Optional<String> iccid,
    Optional<byte[]> receipt) {

  /** Why it is over and failed, by the device's own word; empty if it is not. */
  Optional<String> failure() {
    return updateResult
        .filter(result -> result > 1)
        .map(
            result ->
                switch (result.intValue()) {
                  case 2 -> "the SIM has no memory for it";
                  case 3 -> "the device has no memory for it";
                  case 4 -> "the connection was lost";
                  case 5 -> "it arrived damaged";
                  case 6 -> "the SIM does not take this kind of package";
                  default -> "the device reports update result " + result;
                });
  }
}
