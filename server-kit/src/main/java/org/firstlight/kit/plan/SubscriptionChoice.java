package org.firstlight.kit.plan;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
    Optional<SealedSubscription> mine = newest(all, device);
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

  /** The operator whose subscription the device has, or is to have. */
  static Optional<String> operator(List<SealedSubscription> all, Device device) {
    return newest(all, device).map(SealedSubscription::tenant);
  }

  /** One that failed or expired counts only while no operator has a better one here. */
  private static Optional<SealedSubscription> newest(List<SealedSubscription> all, Device device) {
    List<SealedSubscription> assigned =
        all.stream()
            .filter(subscription -> device.eid().equals(Optional.of(subscription.eid())))
            .filter(subscription -> subscription.state() != SubscriptionState.IMPORTED)
            .toList();
    Set<String> holders =
        assigned.stream()
            .filter(subscription -> subscription.state() != SubscriptionState.FAILED)
            .filter(subscription -> subscription.state() != SubscriptionState.EXPIRED)
            .map(SealedSubscription::operatorId)
            .collect(Collectors.toSet());
    return assigned.stream()
        .filter(one -> holders.isEmpty() || holders.contains(one.operatorId()))
        .max(
            Comparator.comparingLong(SealedSubscription::counter)
                .thenComparing(SealedSubscription::packageId));
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
