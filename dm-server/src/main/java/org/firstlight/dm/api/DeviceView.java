package org.firstlight.dm.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.Waiting;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SubscriptionState;
import org.firstlight.fleet.trust.KeyAlarm;
import org.jspecify.annotations.Nullable;

/** A device as a list shows it; what the caller may not see is absent. */
record DeviceView(
    String endpointName,
    String manufacturer,
    String model,
    String serialNumber,
    Optional<DeviceState> state,
    Optional<Instant> stateSince,
    Optional<String> waiting,
    Optional<String> owner,
    Optional<String> eid,
    boolean revoked,
    Optional<Set<String>> tags,
    Optional<RegistrationView> registration,
    Optional<SubscriptionSummary> subscription,
    Optional<Counts> configuration,
    Optional<Long> version,
    @JsonUnwrapped @Nullable Detail detail) {

  /** A registration in short. */
  record RegistrationView(
      int account,
      long lifetime,
      Instant lastContact,
      Instant expiresAt,
      String address,
      boolean queueMode,
      String version) {
    static RegistrationView of(Registration registration) {
      return new RegistrationView(
          registration.account(),
          registration.lifetime().toSeconds(),
          registration.lastContact(),
          registration.expiresAt(),
          registration.address(),
          registration.queueMode(),
          registration.lwM2mVersion());
    }
  }

  /** That a subscription is there, and for those whom it concerns, where it stands. */
  record SubscriptionSummary(
      boolean present,
      Optional<SubscriptionState> state,
      Optional<Instant> stateSince,
      Optional<String> operatorId,
      Optional<String> packageId) {}

  /** Paths of the desired configuration, by result. */
  record Counts(int inStep, int written, int drifted, int rejected, int unreachable) {}

  /** What one device's own page adds. */
  record Detail(
      String factoryId,
      Optional<String> factoryKeySha256,
      Optional<Boolean> claimable,
      Optional<ClaimView> claim,
      Optional<DeviceState> stateBeforeLost,
      Optional<String> revocation,
      Optional<String> lastSessionId,
      Optional<KeyAlarm> keyAlarm,
      List<CredentialView> credentials,
      List<RawKeyView> rawPublicKeys) {}

  record ClaimView(String tenant, Instant at, List<String> preferredPlmns) {}

  record CredentialView(
      int account, String serialNumber, String sha256, Instant notBefore, Instant notAfter) {}

  record RawKeyView(int account, String keySha256, Instant createdAt) {}

  /** What everybody who sees the device sees of it: what its maker has shipped. */
  static DeviceView shipped(Stored<Device> stored) {
    Device device = stored.value();
    return new DeviceView(
        device.endpointName().value(),
        device.manufacturer(),
        device.model(),
        device.serialNumber(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        device.eid().map(Object::toString),
        device.revocation().isPresent(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(stored.version()),
        null);
  }

  /** With what became of it after the sale. */
  DeviceView with(Device device) {
    return new DeviceView(
        endpointName,
        manufacturer,
        model,
        serialNumber,
        Optional.of(device.state()),
        Optional.of(device.stateSince()),
        device.waiting().map(Waiting::reason),
        device.owner(),
        eid,
        revoked,
        Optional.of(device.tags()),
        registration,
        subscription,
        configuration,
        version,
        detail);
  }

  DeviceView with(
      Optional<RegistrationView> newest, Optional<SubscriptionSummary> held, Optional<Counts> of) {
    return new DeviceView(
        endpointName,
        manufacturer,
        model,
        serialNumber,
        state,
        stateSince,
        waiting,
        owner,
        eid,
        revoked,
        tags,
        newest,
        held,
        of,
        version,
        detail);
  }

  DeviceView with(Detail more) {
    return new DeviceView(
        endpointName,
        manufacturer,
        model,
        serialNumber,
        state,
        stateSince,
        waiting,
        owner,
        eid,
        revoked,
        tags,
        registration,
        subscription,
        configuration,
        version,
        more);
  }
}
