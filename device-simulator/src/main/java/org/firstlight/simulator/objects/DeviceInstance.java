package org.firstlight.simulator.objects;

import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;

/** /3: who the device is, its battery, memory and clock, Reboot and Factory Reset. */
final class DeviceInstance extends StoredInstance {
  private static final int REBOOT = 4;
  private static final int FACTORY_RESET = 5;
  private static final int BATTERY = 9;
  private static final int MEMORY_FREE = 10;
  private static final int ERROR_CODE = 11;
  private static final int RESET_ERROR_CODE = 12;
  private static final int CURRENT_TIME = 13;

  private final Clock clock;
  private final DeviceActions actions;
  private volatile Duration clockOffset = Duration.ZERO;

  DeviceInstance(Clock clock, DeviceActions actions) {
    super(0);
    this.clock = clock;
    this.actions = actions;
  }

  void equip(DeviceDescription device) {
    set(0, device.manufacturer());
    set(1, device.model());
    set(2, device.serialNumber());
    set(3, "1.0.0");
    setAll(6, Map.of(0, 1L)); // power source: internal battery
    setAll(7, Map.of(0, 3_800L)); // mV
    setAll(8, Map.of(0, 12L)); // mA
    set(BATTERY, 100L);
    set(MEMORY_FREE, 192L);
    setAll(ERROR_CODE, Map.of(0, 0L));
    set(14, "+00:00");
    set(15, "Etc/UTC");
    set(16, "U");
    set(17, "Simulated device");
    set(18, "sim-1");
    set(19, "1.0.0");
    set(20, 0L);
    set(21, 256L);
  }

  /** A little time has passed: the battery drains, memory comes and goes. */
  void tick(long count) {
    set(BATTERY, 100 - (count / 20) % 60);
    set(MEMORY_FREE, 180 + count % 24);
  }

  @Override
  protected Optional<LwM2mResource> computed(int resourceId) {
    return resourceId == CURRENT_TIME
        ? Optional.of(
            LwM2mSingleResource.newDateResource(
                CURRENT_TIME, Date.from(clock.instant().plus(clockOffset))))
        : Optional.empty();
  }

  @Override
  protected void written(int resourceId) {
    if (resourceId == CURRENT_TIME) {
      value(CURRENT_TIME, Date.class)
          .ifPresent(time -> clockOffset = Duration.between(clock.instant(), time.toInstant()));
    }
  }

  @Override
  public ExecuteResponse execute(LwM2mServer server, int resourceId, Arguments arguments) {
    switch (resourceId) {
      case REBOOT -> actions.reboot();
      case FACTORY_RESET -> actions.factoryReset();
      case RESET_ERROR_CODE -> setAll(ERROR_CODE, Map.of(0, 0L));
      default -> {
        return ExecuteResponse.methodNotAllowed();
      }
    }
    return ExecuteResponse.success();
  }
}
