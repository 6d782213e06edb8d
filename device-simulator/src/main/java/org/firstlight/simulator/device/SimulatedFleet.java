package org.firstlight.simulator.device;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.firstlight.simulator.euicc.Euicc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several devices in one process: they share threads, and one connection to the eUICCs. */
public final class SimulatedFleet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedFleet.class);
  private static final int PROTOCOL_THREADS = 2;
  private static final long GOODBYE_SECONDS = 10;

  private final ScheduledExecutorService protocol = threads("device-protocol", PROTOCOL_THREADS);
  private final ScheduledExecutorService engines = threads("device-engine", 1);
  private final List<SimulatedDevice> devices = new ArrayList<>();

  /** Makes the devices and switches them on. */
  public static SimulatedFleet start(
      List<DeviceFolder> folders,
      DeviceOptions options,
      Optional<Path> stateFolder,
      Euicc euicc,
      DeviceListener listener,
      Clock clock) {
    SimulatedFleet fleet = new SimulatedFleet();
    for (DeviceFolder folder : folders) {
      DeviceOptions own =
          stateFolder
              .map(state -> options.keeping(state.resolve(folder.endpointName() + ".state")))
              .orElse(options);
      fleet.devices.add(
          new SimulatedDevice(folder, own, euicc, listener, clock, fleet.protocol, fleet.engines));
    }
    fleet.devices.forEach(SimulatedDevice::start);
    return fleet;
  }

  public List<SimulatedDevice> devices() {
    return List.copyOf(devices);
  }

  /** Switches all off politely, and waits some seconds for it. */
  @Override
  public void close() {
    CompletableFuture<?>[] goodbyes =
        devices.stream()
            .map(device -> device.stop().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(goodbyes).get(GOODBYE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("not every device could say goodbye");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engines.shutdownNow();
    protocol.shutdownNow();
  }

  private static ScheduledExecutorService threads(String name, int count) {
    return Executors.newScheduledThreadPool(
        count,
        run -> {
          Thread thread = new Thread(run, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
