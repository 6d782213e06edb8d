package org.firstlight.fleet.credential;

import java.time.Instant;

/**
 * A device that a bootstrap told to fetch its operational certificate by EST. It is open for a
 * while: an answer may be lost, and the device asks again.
 *
 * @param account whose certificate it is
 * @param until when it is too late, and the device bootstraps again
 * @param issued certificates so far
 * @param finished whether Bootstrap-Finish is acknowledged
 */
public record OpenEnrolment(int account, Instant until, int issued, boolean finished) {
  /** Lost answers in a row; who asks for more is no device. */
  public static final int MOST_ISSUED = 8;

  /** Record id. */
  public static String id(int account) {
    return Integer.toString(account);
  }

  public OpenEnrolment withOneMore() {
    return new OpenEnrolment(account, until, issued + 1, finished);
  }

  public OpenEnrolment afterFinish() {
    return new OpenEnrolment(account, until, issued, true);
  }
}
