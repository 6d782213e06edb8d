package org.firstlight.fleet.subscription;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;

/**
 * A subscription in custody: the operator's signed header, and bytes that only the eUICC opens. Its
 * record's home is the endpoint name, its id the package id.
 *
 * @param packageId 32 hex digits
 * @param operatorId of the mobile operator, as its certificate carries it
 * @param tenant the mobile operator's tenant
 * @param sealed base64 of the CMS package; empty once a verified receipt is in or its time is over
 * @param iccid as the device reports it after the installation
 * @param receipt base64 of the eUICC's signed receipt
 * @param cause why it is in this state, in words
 */
public record SealedSubscription(
    String packageId,
    String operatorId,
    String tenant,
    Eid eid,
    EndpointName endpointName,
    long counter,
    Instant notBefore,
    Instant notAfter,
    String packageSha256,
    Optional<String> sealed,
    SubscriptionState state,
    Instant stateSince,
    String cause,
    Optional<String> iccid,
    Optional<String> receipt) {

  /**
   * @throws IllegalStateException if the transition table has no such step
   */
  public SealedSubscription become(SubscriptionState next, String why, Instant now) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(
          "a subscription in %s cannot become %s".formatted(state, next));
    }
    return with(sealed, next, now, why, iccid, receipt);
  }

  /**
   * Past its {@code notAfter}: no eUICC takes it any more, and the sealed bytes go. One that was
   * delivered in time keeps its state, for its receipt may still come.
   */
  public SealedSubscription outOfTime(Instant now) {
    boolean delivered =
        state == SubscriptionState.INSTALL_PENDING || !state.mayBecome(SubscriptionState.EXPIRED);
    return delivered
        ? with(Optional.empty(), state, stateSince, cause, iccid, receipt)
        : with(
            Optional.empty(),
            SubscriptionState.EXPIRED,
            now,
            "it was not delivered in its time",
            iccid,
            receipt);
  }

  /** With its verified receipt; the sealed bytes are no longer needed and go. */
  public SealedSubscription withReceipt(String receiptBase64, Optional<String> reportedIccid) {
    return with(
        Optional.empty(), state, stateSince, cause, reportedIccid, Optional.of(receiptBase64));
  }

  private SealedSubscription with(
      Optional<String> bytes,
      SubscriptionState at,
      Instant since,
      String why,
      Optional<String> reportedIccid,
      Optional<String> signedReceipt) {
    return new SealedSubscription(
        packageId,
        operatorId,
        tenant,
        eid,
        endpointName,
        counter,
        notBefore,
        notAfter,
        packageSha256,
        bytes,
        at,
        since,
        why,
        reportedIccid,
        signedReceipt);
  }
}
