package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.firstlight.simulator.device.DeviceStep;
import org.firstlight.simulator.device.SimulatedDevice;
import org.firstlight.simulator.objects.DeviceTree;

/** A simulated device, with all that happened to it since it was made. */
final class Thing implements AutoCloseable {
  private static final int UPDATE_TRIGGER = 8;

  private final SimulatedDevice device;
  private final List<DeviceStep> steps = new CopyOnWriteArrayList<>();
  private volatile Consumer<DeviceStep> watcher = step -> {};

  Thing(Function<Consumer<DeviceStep>, SimulatedDevice> factory) {
    device = factory.apply(this::happened);
  }

  String name() {
    return device.endpointName();
  }

  Thing switchOn() {
    device.start();
    return this;
  }

  /** Switches it off as its owner does: it de-registers first. */
  void switchOff() {
    device.stop().toCompletableFuture().join();
  }

  /** Calls this at each further step, on the device's own thread. */
  Thing watchedBy(Consumer<DeviceStep> other) {
    watcher = other;
    return this;
  }

  List<DeviceStep> steps() {
    return List.copyOf(steps);
  }

  List<DeviceStep> steps(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).toList();
  }

  /** Waits until a step of this name has gone well. */
  Thing does(String name) {
    eventually(() -> assertThat(steps(name)).as(steps.toString()).anyMatch(DeviceStep::ok));
    return this;
  }

  /** Waits for a step whose text form has all of these words. */
  Thing sees(String name, String... words) {
    eventually(
        () ->
            assertThat(steps(name))
                .as(steps.toString())
                .anySatisfy(step -> assertThat(step.details().toString()).contains(words)));
    return this;
  }

  /** Sends an Update at once, as after a Registration Update Trigger. */
  Thing speaksUp() {
    tree()
        .instance(DeviceTree.SERVER, 0)
        .orElseThrow()
        .execute(LwM2mServer.SYSTEM, UPDATE_TRIGGER, Arguments.emptyArguments());
    return this;
  }

  /** What it holds, as a text, at {@code /object/instance/resource}. */
  String holds(int objectId, int instanceId, int resourceId) {
    return tree()
        .instance(objectId, instanceId)
        .flatMap(instance -> instance.value(resourceId, Object.class))
        .map(String::valueOf)
        .orElse("");
  }

  DeviceTree tree() {
    return device.tree();
  }

  /** Whether a bootstrap server has written anything to it. */
  boolean isFactoryFresh() {
    return steps("bootstrap-write").isEmpty()
        && tree().object(DeviceTree.SERVER).getAvailableInstanceIds().isEmpty();
  }

  private void happened(DeviceStep step) {
    steps.add(step);
    watcher.accept(step);
  }

  @Override
  public void close() {
    device.close();
  }
}
