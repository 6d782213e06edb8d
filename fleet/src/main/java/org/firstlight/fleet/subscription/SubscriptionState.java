package org.firstlight.fleet.subscription;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a sealed subscription is on its way; a pending state waits for the eUICC's receipt. */
public enum SubscriptionState {
  IMPORTED,
  ASSIGNED,
  /** The device acknowledged the package; the eUICC has not answered yet. */
  INSTALL_PENDING,
  INSTALLED,
  ENABLED,
  /** The eUICC refused it, by signed receipt or result code. */
  FAILED,
  EXPIRED;

  private static final Map<SubscriptionState, Set<SubscriptionState>> NEXT =
      new EnumMap<>(SubscriptionState.class);

  static {
    NEXT.put(IMPORTED, EnumSet.of(ASSIGNED, EXPIRED));
    NEXT.put(ASSIGNED, EnumSet.of(INSTALL_PENDING, EXPIRED));
    NEXT.put(INSTALL_PENDING, EnumSet.of(INSTALL_PENDING, INSTALLED, ENABLED, FAILED, EXPIRED));
    NEXT.put(INSTALLED, EnumSet.of(ENABLED));
    NEXT.put(ENABLED, EnumSet.noneOf(SubscriptionState.class));
    NEXT.put(FAILED, EnumSet.of(INSTALL_PENDING));
    NEXT.put(EXPIRED, EnumSet.noneOf(SubscriptionState.class));
  }

  /** The one transition table. */
  public boolean mayBecome(SubscriptionState next) {
    return NEXT.get(this).contains(next);
  }
}
