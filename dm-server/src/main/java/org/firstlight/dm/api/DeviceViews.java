package org.firstlight.dm.api;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.api.DeviceView.Counts;
import org.firstlight.dm.api.DeviceView.RegistrationView;
import org.firstlight.dm.api.DeviceView.SubscriptionSummary;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.ConfigurationStatus.Result;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.tenant.Tenant;

/** Puts together what a principal sees of devices; a whole page's records are asked for at once. */
final class DeviceViews {
  private final Stores stores;

  DeviceViews(Stores stores) {
    this.stores = stores;
  }

  List<DeviceView> summaries(List<Stored<Device>> devices, Principal principal) {
    List<CompletableFuture<DeviceView>> all =
        devices.stream().map(device -> summary(device, principal).toCompletableFuture()).toList();
    BlockingState.await(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)));
    return all.stream().map(CompletableFuture::join).toList();
  }

  private CompletionStage<DeviceView> summary(Stored<Device> stored, Principal principal) {
    DeviceView shipped = DeviceView.shipped(stored);
    if (principal.kind() == Tenant.Kind.MANUFACTURER) {
      return CompletableFuture.completedStage(shipped);
    }
    DeviceView bare = shipped.with(stored.value());
    String home = stored.id();
    CompletionStage<Optional<RegistrationView>> registration =
        stores
            .registrations()
            .findAll(stored.value().endpointName())
            .thenApply(
                all ->
                    all.stream()
                        .max(Comparator.comparing(Registration::lastContact))
                        .map(RegistrationView::of));
    CompletionStage<Optional<SubscriptionSummary>> subscription =
        stores
            .records()
            .findAll(Kinds.SUBSCRIPTION, home)
            .thenApply(all -> subscription(all, principal));
    CompletionStage<Optional<Counts>> counts =
        stores
            .records()
            .find(Kinds.CONFIGURATION_STATUS, home, home)
            .thenApply(found -> found.map(Stored::value).map(DeviceViews::counts));
    return registration
        .thenCombine(subscription, (newest, held) -> bare.with(newest, held, Optional.empty()))
        .thenCombine(counts, (view, of) -> view.with(view.registration(), view.subscription(), of));
  }

  private static Optional<SubscriptionSummary> subscription(
      List<Stored<SealedSubscription>> all, Principal principal) {
    Optional<SealedSubscription> newest =
        all.stream()
            .map(Stored::value)
            .filter(
                one ->
                    principal.kind() != Tenant.Kind.MOBILE_OPERATOR
                        || one.tenant().equals(principal.tenant()))
            .max(Comparator.comparing(SealedSubscription::stateSince));
    return newest.map(
        one ->
            principal.kind() == Tenant.Kind.SERVICE_PROVIDER
                ? new SubscriptionSummary(
                    true, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())
                : new SubscriptionSummary(
                    true,
                    Optional.of(one.state()),
                    Optional.of(one.stateSince()),
                    Optional.of(one.operatorId()),
                    Optional.of(one.packageId())));
  }

  private static Counts counts(ConfigurationStatus status) {
    return new Counts(
        count(status, Result.IN_STEP),
        count(status, Result.WRITTEN),
        count(status, Result.DRIFTED),
        count(status, Result.REJECTED),
        count(status, Result.UNREACHABLE));
  }

  private static int count(ConfigurationStatus status, Result result) {
    return (int) status.paths().values().stream().filter(path -> path.result() == result).count();
  }

  DeviceView detail(Stored<Device> stored, Principal principal) {
    Device device = stored.value();
    boolean maker = principal.kind() == Tenant.Kind.MANUFACTURER;
    DeviceView summary = summaries(List.of(stored), principal).get(0);
    List<DeviceView.CredentialView> credentials =
        BlockingState.await(stores.records().findAll(Kinds.CERTIFICATE, stored.id())).stream()
            .map(Stored::value)
            .map(DeviceViews::credential)
            .toList();
    List<DeviceView.RawKeyView> rawKeys =
        BlockingState.await(stores.records().findAll(Kinds.RAW_PUBLIC_KEY, stored.id())).stream()
            .map(Stored::value)
            .map(key -> new DeviceView.RawKeyView(key.account(), key.keySha256(), key.createdAt()))
            .toList();
    return summary.with(
        new DeviceView.Detail(
            device.factoryId(),
            device.factoryKeySha256(),
            Optional.of(device.claimCodeSha256().isPresent()).filter(open -> !maker),
            device
                .claim()
                .filter(claim -> !maker)
                .map(
                    claim ->
                        new DeviceView.ClaimView(
                            claim.tenant(), claim.at(), claim.preferredPlmns())),
            device.stateBeforeLost().filter(state -> !maker),
            device.revocation(),
            device.lastSessionId().filter(session -> !maker),
            BlockingState.await(stores.records().find(Kinds.KEY_ALARM, stored.id(), stored.id()))
                .map(Stored::value)
                .filter(alarm -> !maker)
                .filter(
                    alarm -> device.factoryKeySha256().equals(Optional.of(alarm.knownSha256()))),
            maker ? List.of() : credentials,
            maker ? List.of() : rawKeys));
  }

  private static DeviceView.CredentialView credential(OperationalCertificate certificate) {
    Instant notBefore = certificate.notBefore();
    return new DeviceView.CredentialView(
        certificate.account(),
        certificate.serialNumber(),
        certificate.sha256(),
        notBefore,
        certificate.notAfter());
  }
}
