package org.firstlight.benchmarks.bootstrap;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.firstlight.benchmarks.handshake.DeviceFactory;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;

/** Devices that have their owner and their plan, as manufacturer, operator and owner left them. */
final class ClaimedFleet {
  private static final Eid EID = new Eid("89049032123451234512345678901235");

  /** About what a sealed subscription has; its bytes are not looked at on their way. */
  private static final int PACKAGE_BYTES = 1_200;

  private final DeviceFactory factory;
  private final int devices;
  private final boolean whole;

  /**
   * @param whole with networks, cellular settings, an APN and a sealed subscription
   */
  ClaimedFleet(DeviceFactory factory, int devices, boolean whole) {
    this.factory = factory;
    this.devices = devices;
    this.whole = whole;
  }

  void store(RedisProcess redis) {
    try (RedisStores stores =
        RedisStores.open(
            RedisSettings.at(redis.uri(), Optional.empty(), Optional.empty()), Clock.systemUTC())) {
      BlockingState state = new BlockingState(stores.stores().records());
      put(state, Kinds.MANUFACTURER, "bench", "bench", factory.manufacturer());
      put(state, Kinds.PLAN, "bench", "bench", plan());
      for (int i = 0; i < devices; i++) {
        EndpointName name = new EndpointName(DeviceFactory.NAMESPACE + DeviceFactory.name(i));
        put(state, Kinds.DEVICE, name.value(), name.value(), device(name, DeviceFactory.name(i)));
        if (whole) {
          String id = "%032x".formatted(i + 1);
          put(state, Kinds.SUBSCRIPTION, name.value(), id, subscription(name, id));
        }
      }
    }
  }

  private static <T> void put(BlockingState state, Kind<T> kind, String home, String id, T value) {
    state.commit(Change.in(home).put(kind, id, Change.ANY_VERSION, value).build());
  }

  private OnboardingPlan plan() {
    return new OnboardingPlan(
        "bench",
        Tenant.PLATFORM,
        Set.of(),
        Set.of(),
        0,
        new ServerAccountPlan(1, Optional.empty(), 1, 0, Duration.ofSeconds(300), "U"),
        CredentialKind.PSK,
        whole ? SubscriptionDelivery.PUSH : SubscriptionDelivery.NONE,
        whole ? Optional.of(new PlmnPolicy(List.of("26201", "20801"), false)) : Optional.empty(),
        whole ? Map.of(0, Map.of(0, "default", 1, "internet", 4, "0")) : Map.of(),
        whole ? Map.of(4, "3600", 5, "60") : Map.of(),
        Set.of(),
        new Timing(Duration.ZERO, Duration.ofSeconds(30), 1024));
  }

  private static Device device(EndpointName name, String factoryId) {
    Instant now = Instant.now();
    return new Device(
        name,
        "bench",
        factoryId,
        Optional.empty(),
        "meter",
        factoryId,
        Optional.of(EID),
        Optional.empty(),
        Optional.of(new Claim("acme", now, List.of())),
        DeviceState.CLAIMED,
        now,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  private static SealedSubscription subscription(EndpointName name, String id) {
    byte[] sealed = new byte[PACKAGE_BYTES];
    ThreadLocalRandom.current().nextBytes(sealed);
    Instant now = Instant.now();
    return new SealedSubscription(
        id,
        "operator",
        "operator",
        EID,
        name,
        1,
        now.minusSeconds(60),
        now.plus(Duration.ofDays(1)),
        "00",
        Optional.of(Base64.getEncoder().encodeToString(sealed)),
        SubscriptionState.ASSIGNED,
        now,
        "imported",
        Optional.empty(),
        Optional.empty());
  }
}
