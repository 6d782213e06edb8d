package org.firstlight.benchmarks.state;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.firstlight.benchmarks.load.Devices;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.ObservedPaths;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;

/**
 * Writes devices and registrations through our own stores: devices that may come without security,
 * as {@code connect --nosec} makes them.
 */
final class Inventory implements AutoCloseable {
  private static final int ACCOUNT = 1;
  private static final int ATTEMPTS = 10;
  private static final int UNDER_WAY = 500;
  private static final Duration LIFETIME = Duration.ofDays(1);
  private static final int RARE = 10;

  /** Model of ten devices, whatever their number; the others are of another one. */
  static final String RARE_MODEL = "rare-client";

  private final RedisStores redis;
  private final Instant now = Clock.systemUTC().instant();

  Inventory(RedisProcess process) {
    redis =
        RedisStores.open(
            RedisSettings.at(process.uri(), Optional.empty(), Optional.empty()), Clock.systemUTC());
  }

  /** Devices that have never registered. */
  void putDevices(int count) {
    all(count, number -> put(number, count, DeviceState.BOOTSTRAPPED, List.of()));
  }

  /** Devices as they are when they have registered. */
  void putRegisteredDevices(int count) {
    Step step = new Step("register", now, 3, true, Map.of("account", "1", "version", "1.1"));
    all(count, number -> put(number, count, DeviceState.REGISTERED, List.of(step)));
  }

  /** Their registrations; the ids go to the file, one a line. */
  void putRegistrations(int count, Path ids) throws IOException {
    try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(ids))) {
      all(
          count,
          number -> {
            Registration registration = registration(number);
            lines.println(registration.id());
            return Change.in(Devices.name(number))
                .registration(new RegistrationEdit.Begin(registration));
          });
    }
  }

  /** Has the server observe this of each, at its next Register. */
  void observe(int count, String path) {
    all(
        count,
        number ->
            Change.in(Devices.name(number))
                .put(
                    Kinds.OBSERVED,
                    Integer.toString(ACCOUNT),
                    Change.ANY_VERSION,
                    new ObservedPaths(Set.of(path))));
  }

  RedisStores redis() {
    return redis;
  }

  private Registration registration(int number) {
    EndpointName name = new EndpointName(Devices.name(number));
    return new Registration(
        redis.stores().registrations().newId(name),
        ACCOUNT,
        name,
        now,
        now,
        LIFETIME,
        "1.1",
        "U",
        false,
        "127.0.0.1:40000",
        Devices.OBJECT_LINKS,
        Map.of(),
        "n1");
  }

  private Change.Builder put(int number, int count, DeviceState state, List<Step> steps) {
    Change.Builder change =
        Change.in(Devices.name(number))
            .put(
                Kinds.DEVICE,
                Devices.name(number),
                Change.ANY_VERSION,
                device(number, count, state));
    if (!steps.isEmpty()) {
      change.put(Kinds.JOURNEY, Devices.name(number), Change.ANY_VERSION, new JourneyRecord(steps));
    }
    return change;
  }

  private Device device(int number, int count, DeviceState state) {
    return new Device(
        new EndpointName(Devices.name(number)),
        Device.CONNECTED,
        Device.NO_SECURITY,
        Optional.empty(),
        isRare(number, count) ? RARE_MODEL : "nosec-client",
        "SN%08d".formatted(number),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Claim(Device.CONNECTED, now, List.of())),
        state,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  private static boolean isRare(int number, int count) {
    return number % rareEvery(count) == 0;
  }

  /** Each so many-th device is a rare one. */
  static int rareEvery(int count) {
    return Math.max(1, count / RARE);
  }

  /** So many at once that the queue to Redis is never empty and never full. */
  private void all(int count, IntFunction<Change.Builder> changes) {
    Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      underWay.add(commit(changes.apply(i).build(), ATTEMPTS));
      if (underWay.size() > UNDER_WAY) {
        underWay.remove().join();
      }
    }
    underWay.forEach(CompletableFuture::join);
  }

  /** Writing the same once more does no harm, and Redis may be slow for a while. */
  private CompletableFuture<CommitOutcome> commit(Change change, int attempts) {
    CompletableFuture<CommitOutcome> first =
        redis.stores().records().commit(change).toCompletableFuture();
    return attempts == 1
        ? first
        : first.exceptionallyCompose(fault -> commit(change, attempts - 1));
  }

  @Override
  public void close() {
    redis.close();
  }
}
