package org.firstlight.bootstrap.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;

/** Which sealed subscription of a device's a session delivers, if any. */
public sealed interface SubscriptionChoice {
  /** One that the device has after the session. */
  sealed interface Chosen extends SubscriptionChoice {
    SealedSubscription subscription();
  }

  /** To be written to /505/0/3. */
  record Push(SealedSubscription subscription) implements Chosen {}

  /** The eUICC has it: writing it again would change nothing. */
  record OnTheEuicc(SealedSubscription subscription) implements Chosen {}

  /**
   * @param reason for people
   */
  record NoneYet(String reason) implements SubscriptionChoice {}

  static SubscriptionChoice of(List<SealedSubscription> all, Device device, Instant now) {
    Comparator<SealedSubscription> newest =
        Comparator.comparingLong(SealedSubscription::counter)
            .thenComparing(SealedSubscription::packageId);
    Optional<SealedSubscription> mine =
        all.stream()
            .filter(subscription -> device.eid().equals(Optional.of(subscription.eid())))
            .filter(subscription -> subscription.state() != SubscriptionState.IMPORTED)
            .max(newest);
    if (mine.isEmpty()) {
      return new NoneYet("waiting for a subscription");
    }
    SealedSubscription subscription = mine.get();
    return switch (subscription.state()) {
      case INSTALLED, ENABLED -> new OnTheEuicc(subscription);
      case EXPIRED -> new NoneYet("its subscription has expired");
      case IMPORTED, ASSIGNED, INSTALL_PENDING, FAILED -> pushable(subscription, now);
    };
  }

  private static SubscriptionChoice pushable(SealedSubscription subscription, Instant now) {
    if (now.isBefore(subscription.notBefore())) {
      return new NoneYet("its subscription is not valid yet");
    }
    if (now.isAfter(subscription.notAfter())) {
      return new NoneYet("its subscription has expired");
    }
    return subscription.sealed().isPresent()
        ? new Push(subscription)
        : new NoneYet("its subscription's package is gone");
  }
}
