package org.firstlight.fleet.device;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The furthest step of a device's current onboarding, plus {@code LOST} and {@code RETIRED}.
 *
 * <p>{@code LOST} ends at the next Register, in the state before it ({@link
 * Device#stateBeforeLost}).
 */
public enum DeviceState {
  /** Imported by its manufacturer, owned by nobody. */
  EXPECTED,
  /** Has an owner; may bootstrap. */
  CLAIMED,
  /** Every required write of its plan is acknowledged by the device, Finish too. */
  BOOTSTRAPPED,
  /** Registered with the operator's server account. */
  REGISTERED,
  /** Holds the desired configuration. */
  CONFIGURED,
  /** Its Lifetime ended without an Update. */
  LOST,
  /** Out of service for good. */
  RETIRED;

  private static final Map<DeviceState, Set<DeviceState>> NEXT = new EnumMap<>(DeviceState.class);

  static {
    NEXT.put(EXPECTED, EnumSet.of(CLAIMED, RETIRED));
    NEXT.put(CLAIMED, EnumSet.of(EXPECTED, BOOTSTRAPPED, RETIRED));
    NEXT.put(BOOTSTRAPPED, EnumSet.of(EXPECTED, BOOTSTRAPPED, REGISTERED, RETIRED));
    NEXT.put(REGISTERED, EnumSet.of(EXPECTED, BOOTSTRAPPED, CONFIGURED, LOST, RETIRED));
    NEXT.put(CONFIGURED, EnumSet.of(EXPECTED, BOOTSTRAPPED, REGISTERED, LOST, RETIRED));
    NEXT.put(LOST, EnumSet.of(EXPECTED, BOOTSTRAPPED, REGISTERED, CONFIGURED, RETIRED));
    NEXT.put(RETIRED, EnumSet.noneOf(DeviceState.class));
  }

  /** Whether a device in this state may go to {@code next}: the one transition table. */
  public boolean mayBecome(DeviceState next) {
    return NEXT.get(this).contains(next);
  }
}
