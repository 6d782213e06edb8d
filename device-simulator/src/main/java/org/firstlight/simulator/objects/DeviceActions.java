package org.firstlight.simulator.objects;

/** What an Execute sets going; done by the engine, after the answer is on its way. */
public interface DeviceActions {
  /** /1/x/8 Registration Update Trigger, or a lifetime or binding that changed. */
  void update(int shortServerId);

  /** /1/x/9 Bootstrap-Request Trigger. */
  void bootstrap();

  /** /1/x/4 Disable: de-register, and come back after that many seconds. */
  void disable(int shortServerId, long seconds);

  /** /3/0/4 Reboot. */
  void reboot();

  /** /3/0/5 Factory Reset: as it left the factory, but for what the eUICC holds. */
  void factoryReset();
}
