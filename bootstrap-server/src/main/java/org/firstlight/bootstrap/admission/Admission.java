package org.firstlight.bootstrap.admission;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Admitted;
import org.firstlight.bootstrap.admission.AdmissionOutcome.Refused;
import org.firstlight.bootstrap.trust.Peer;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;

/** Decides on a Bootstrap-Request by the device's record. */
public final class Admission {
  /** As the console shows it. */
  public static final String WAITING_FOR_OWNER = "waiting for its owner";

  private final FleetState records;
  private final Clock clock;

  public Admission(FleetState records, Clock clock) {
    this.records = records;
    this.clock = clock;
  }

  /**
   * @param asked the Endpoint Client Name of the request; a device may leave it out where its
   *     certificate tells (LwM2M Core 1.1.1 §6.1.3)
   * @return fails only when state is away
   */
  public CompletionStage<AdmissionOutcome> decide(Peer peer, Optional<String> asked) {
    Optional<String> name = asked.or(() -> proven(peer));
    if (name.isEmpty()) {
      return done(refused(FailureCode.MALFORMED, "the request names no endpoint"));
    }
    Optional<String> fault = EndpointName.fault(name.get());
    if (fault.isPresent()) {
      return done(refused(FailureCode.MALFORMED, fault.get()));
    }
    EndpointName endpointName = new EndpointName(name.get());
    Optional<Failure> stranger = stranger(peer, endpointName);
    if (stranger.isPresent()) {
      return done(refused(endpointName, stranger.get()));
    }
    return records
        .find(Kinds.DEVICE, endpointName.value(), endpointName.value())
        .thenCompose(
            device -> stillGood(peer).thenApply(good -> judge(peer, endpointName, device, good)));
  }

  private static Optional<String> proven(Peer peer) {
    if (peer instanceof Peer.Factory factory) {
      return factory.endpointName();
    }
    return peer instanceof Peer.Keyed keyed
        ? Optional.of(keyed.endpointName().value())
        : Optional.empty();
  }

  /** Why this peer cannot be that endpoint, whatever its record says. */
  private static Optional<Failure> stranger(Peer peer, EndpointName endpointName) {
    if (peer instanceof Peer.Unsecured) {
      return Optional.empty();
    }
    Optional<String> proven = proven(peer);
    if (proven.isEmpty()) {
      return forbidden("its certificate's id lies outside its manufacturer's namespace");
    }
    return proven.get().equals(endpointName.value())
        ? Optional.empty()
        : forbidden("its credential is not that endpoint's");
  }

  private AdmissionOutcome judge(
      Peer peer, EndpointName endpointName, Optional<Stored<Device>> found, boolean credential) {
    if (found.isEmpty()) {
      return refused(
          endpointName, Failure.of(FailureCode.NOT_FOUND, "no such device is expected here"));
    }
    Stored<Device> stored = found.get();
    Device device = stored.value();
    Optional<Failure> never = credential ? never(peer, device) : forbidden("its PSK was withdrawn");
    if (never.isPresent()) {
      return new Refused(
          Optional.of(endpointName),
          never.get(),
          Optional.empty(),
          Optional.of(stored),
          otherKey(peer, device));
    }
    if (device.claim().isEmpty() || !device.state().mayBecome(DeviceState.BOOTSTRAPPED)) {
      return later(stored, WAITING_FOR_OWNER);
    }
    return new Admitted(stored, peer);
  }

  private static Optional<Failure> never(Peer peer, Device device) {
    if (peer instanceof Peer.Factory factory) {
      if (!factory.identity().manufacturer().equals(device.manufacturer())) {
        return forbidden("it is another manufacturer's device");
      }
      if (!factory.identity().id().equals(device.factoryId())) {
        return forbidden("its certificate is another device's");
      }
      if (otherKey(peer, device).isPresent()) {
        return forbidden("its key is not the one that this device had before");
      }
    }
    if (peer instanceof Peer.Unsecured && !device.mayComeWithoutSecurity()) {
      return forbidden("this device must come with its credential");
    }
    if (device.state() == DeviceState.RETIRED) {
      return forbidden("this device is retired");
    }
    return device.revocation().isPresent() ? forbidden("this device is revoked") : Optional.empty();
  }

  /** The key of a certificate that would be the device's, had it the key that is known. */
  private static Optional<String> otherKey(Peer peer, Device device) {
    return peer instanceof Peer.Factory factory
            && factory.identity().manufacturer().equals(device.manufacturer())
            && factory.identity().id().equals(device.factoryId())
        ? Optional.of(factory.keySha256())
            .filter(
                shown -> device.factoryKeySha256().filter(pin -> !pin.equals(shown)).isPresent())
        : Optional.empty();
  }

  /** Whether a PSK that opened the connection is still there; a session may outlive it. */
  private CompletionStage<Boolean> stillGood(Peer peer) {
    return peer instanceof Peer.Keyed keyed
        ? records
            .find(Kinds.PSK, keyed.endpointName().value(), keyed.pskIdentity())
            .thenApply(found -> found.filter(psk -> psk.value().forBootstrap()).isPresent())
        : done(true);
  }

  /** A refusal that passes once somebody does something for the device. */
  public Refused later(Stored<Device> device, String reason) {
    return new Refused(
        Optional.of(device.value().endpointName()),
        Failure.of(FailureCode.PRECONDITION_FAILED, reason),
        Optional.of(
            Patience.after(
                device.value().waiting().filter(w -> w.reason().equals(reason)), clock.instant())),
        Optional.of(device));
  }

  private static Refused refused(EndpointName endpointName, Failure failure) {
    return new Refused(Optional.of(endpointName), failure, Optional.empty(), Optional.empty());
  }

  private static Refused refused(FailureCode code, String reason) {
    return new Refused(
        Optional.empty(), Failure.of(code, reason), Optional.empty(), Optional.empty());
  }

  private static Optional<Failure> forbidden(String reason) {
    return Optional.of(Failure.of(FailureCode.FORBIDDEN, reason));
  }

  private static <T> CompletionStage<T> done(T value) {
    return CompletableFuture.completedStage(value);
  }
}
