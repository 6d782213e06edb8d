package org.firstlight.simulator.device;

/** Hears of a device's steps, in order per device. Must be quick and safe for several threads. */
@FunctionalInterface
public interface DeviceListener {
  void happened(DeviceStep step);
}
