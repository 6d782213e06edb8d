package org.firstlight.simulator.device;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.request.ContentFormat;
import org.firstlight.simulator.connection.Connections;
import org.firstlight.simulator.connection.ServerAccounts;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.LwM2mRelease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What bootstrap and registration share of one device.
 *
 * @param thread the one thread that a process's devices decide on; nothing blocks it
 */
record DeviceContext(
    String endpointName,
    LwM2mRelease release,
    Timing timing,
    DeviceTree tree,
    Connections connections,
    DeviceListener listener,
    Clock clock,
    ScheduledExecutorService thread) {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedDevice.class);

  void happened(String step, boolean ok, Map<String, Object> details) {
    listener.happened(new DeviceStep(clock.instant(), endpointName, step, ok, details));
  }

  ServerAccounts accounts() {
    return ServerAccounts.read(tree);
  }

  /** The object list as Register and Update carry it. */
  String links() {
    return new DefaultLinkSerializer()
        .serializeCoreLinkFormat(
            DeviceTree.links(release)
                .getClientDescription(
                    tree.leshan().getObjectEnablers().values(),
                    "/",
                    release == LwM2mRelease.V1_0
                        ? java.util.List.of(ContentFormat.TLV, ContentFormat.JSON)
                        : java.util.List.of(
                            ContentFormat.TLV,
                            ContentFormat.JSON,
                            ContentFormat.SENML_JSON,
                            ContentFormat.SENML_CBOR,
                            ContentFormat.CBOR)));
  }

  Future<?> after(Duration wait, Runnable what) {
    return thread.schedule(guarded(what), wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  void soon(Runnable what) {
    thread.execute(guarded(what));
  }

  /** Goes on with what comes of this, on the device's thread; one of the two is null. */
  <T> void then(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> next) {
    stage.whenComplete((value, failure) -> soon(() -> next.accept(value, failure)));
  }

  private Runnable guarded(Runnable what) {
    return () -> {
      try {
        what.run();
      } catch (RuntimeException e) {
        LOG.error("{}: a step of the device failed", endpointName, e);
        happened("failed", false, Map.of("reason", "a fault of the simulator: " + e));
      }
    };
  }

  /** How long a 5.03 asks to wait (RFC 7252 §5.9.3.4): 60 s when it does not say. */
  Duration maxAge(Response response) {
    return Duration.ofSeconds(response.getOptions().getMaxAge());
  }

  static String words(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() != null ? cause.getMessage() : cause.getClass().getSimpleName();
  }
}
