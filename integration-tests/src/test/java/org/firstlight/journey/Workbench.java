package org.firstlight.journey;

import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.device.DeviceOptions;
import org.firstlight.simulator.device.SimulatedDevice;
import org.firstlight.simulator.euicc.EuiccProcess;
import org.firstlight.simulator.factory.Shipment;

/** Where the devices lie: their threads, and the process that their eUICCs run in. */
final class Workbench implements AutoCloseable {
  private final EuiccProcess euicc;
  private final ScheduledExecutorService protocol =
      Executors.newScheduledThreadPool(2, named("devices-protocol"));
  private final ScheduledExecutorService decisions =
      Executors.newScheduledThreadPool(1, named("devices"));
  private final List<Thing> things = new ArrayList<>();
  private volatile Clock clock = Clock.systemUTC();

  Workbench(Shipment shipment) throws IOException {
    euicc = EuiccProcess.start(shipment.euiccFolder());
  }

  EuiccProcess euicc() {
    return euicc;
  }

  /** A device out of its box, not yet switched on. */
  Thing unpack(
      DeviceFolder folder, URI bootstrapServer, X509Certificate trustAnchor, Optional<URI> cloud) {
    DeviceOptions plain = DeviceOptions.of(bootstrapServer, trustAnchor).with(Timing.fast());
    DeviceOptions options = cloud.map(plain::usingCloud).orElse(plain);
    Thing thing =
        new Thing(
            listener ->
                new SimulatedDevice(
                    folder,
                    options,
                    euicc,
                    listener::accept,
                    new DevicesClock(),
                    protocol,
                    decisions));
    things.add(thing);
    return thing;
  }

  /** What the devices take the time to be from now on. */
  void clock(Clock theirs) {
    clock = theirs;
  }

  private final class DevicesClock extends Clock {
    @Override
    public ZoneId getZone() {
      return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return clock.withZone(zone);
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }
  }

  private static ThreadFactory named(String name) {
    return run -> {
      Thread thread = new Thread(run, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void close() {
    things.forEach(Thing::close);
    decisions.shutdownNow();
    protocol.shutdownNow();
    euicc.close();
  }
}
