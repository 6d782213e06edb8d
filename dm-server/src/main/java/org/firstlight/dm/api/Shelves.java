package org.firstlight.dm.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.claim.ClaimPageDocument;
import org.firstlight.dm.configuration.ConfigurationDocument;
import org.firstlight.dm.configuration.Configurations;
import org.firstlight.dm.inventory.AuthorityProofs;
import org.firstlight.dm.inventory.Documents;
import org.firstlight.dm.inventory.ManufacturerDocument;
import org.firstlight.dm.inventory.TenantDocument;
import org.firstlight.dm.user.Users;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.device.ClaimPage;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kind;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.objects.ObjectModels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of documents that people edit, and what differs between them. */
final class Shelves {
  private static final Logger LOG = LoggerFactory.getLogger(Shelves.class);

  private static final int MOST_CONFIGURATIONS = 1_000;

  private final BlockingState state;
  private final Documents documents;

  Shelves(BlockingState state, Documents documents) {
    this.state = state;
    this.documents = documents;
  }

  Shelf<Manufacturer> manufacturers(AuthorityProofs proofs) {
    return shelf(
        new Shelf.Ways<>(
            Kinds.MANUFACTURER,
            "manufacturer",
            (maker, by) -> by.isAdministrator() || maker.id().equals(by.tenant()),
            ManufacturerDocument::of,
            (call, id, before) ->
                id.equals(Device.CONNECTED)
                    ? Outcome.refused(FailureCode.CONFLICT, "this manufacturer is built in")
                    : call.body(ManufacturerDocument.class)
                        .check(id, all(Kinds.MANUFACTURER), proofs)
                        .then(made -> keepingItsNames(made, before)),
            maker -> Optional.of(maker.id()),
            this::unused,
            id -> {}));
  }

  /** A device is known to be its manufacturer's by its name. */
  private Outcome<Manufacturer> keepingItsNames(Manufacturer made, Optional<Manufacturer> before) {
    boolean others =
        before.isPresent()
            && !before.get().namespace().equals(made.namespace())
            && hasDevices(made);
    return others
        ? Outcome.refused(
            FailureCode.CONFLICT, "namespace: it has devices here, which are named by the other")
        : Outcome.done(made);
  }

  private boolean hasDevices(Manufacturer maker) {
    return !state
        .list(Kinds.DEVICE, Optional.empty(), 1, device -> device.manufacturer().equals(maker.id()))
        .items()
        .isEmpty();
  }

  private Outcome<Manufacturer> unused(Manufacturer maker) {
    return hasDevices(maker)
        ? Outcome.refused(FailureCode.CONFLICT, "it has devices here: set its state to RETIRED")
        : Outcome.done(maker);
  }

  Shelf<ClaimPage> claimPages() {
    return shelf(
        new Shelf.Ways<>(
            Kinds.CLAIM_PAGE,
            "claim-page",
            (page, by) -> by.isAdministrator() || page.tenant().equals(by.tenant()),
            ClaimPageDocument::of,
            (call, id, before) ->
                call.body(ClaimPageDocument.class)
                    .check(id, call.principal(), before)
                    .then(this::ofProvider),
            page -> Optional.of(page.tenant()),
            Outcome::done,
            id -> {}));
  }

  private Outcome<ClaimPage> ofProvider(ClaimPage page) {
    return isProvider(page.tenant())
        ? Outcome.done(page)
        : Outcome.refused(
            FailureCode.MALFORMED, "tenant: is not a service provider that is known here");
  }

  private boolean isProvider(String tenant) {
    return state
        .find(Kinds.TENANT, tenant)
        .filter(found -> found.value().kind() == Tenant.Kind.SERVICE_PROVIDER)
        .isPresent();
  }

  Shelf<Tenant> tenants(Tokens tokens, Users users) {
    return shelf(
        new Shelf.Ways<>(
            Kinds.TENANT,
            "tenant",
            (tenant, by) -> by.isAdministrator() || tenant.id().equals(by.tenant()),
            TenantDocument::of,
            (call, id, before) ->
                call.body(TenantDocument.class)
                    .check(id, call.principal(), before, all(Kinds.TENANT))
                    .map(
                        tenant -> {
                          if (before.isEmpty()) {
                            // what an earlier tenant of this id left, if its end was cut off
                            users.deleteAll(id);
                            tokens.revokeAll(id);
                          }
                          return tenant;
                        }),
            tenant -> Optional.of(tenant.id()),
            this::ownsNothing,
            id -> {
              if (state.find(Kinds.TENANT, id).isEmpty()) {
                users.deleteAll(id);
                tokens.revokeAll(id);
              }
            }));
  }

  private Outcome<Tenant> ownsNothing(Tenant tenant) {
    String id = tenant.id();
    if (id.equals(FirstAdministrator.TENANT)) {
      return Outcome.refused(FailureCode.CONFLICT, "the platform's own tenant stays");
    }
    boolean owns =
        owns(Kinds.DEVICE, device -> device.owner().orElse(""), id)
            || owns(Kinds.SUBSCRIPTION, one -> one.tenant(), id)
            || owns(Kinds.CONFIGURATION, Configuration::tenant, id)
            || owns(Kinds.CLAIM_PAGE, ClaimPage::tenant, id)
            || owns(Kinds.PLAN, OnboardingPlan::tenant, id);
    return owns
        ? Outcome.refused(
            FailureCode.CONFLICT,
            "it owns devices, subscriptions, configurations, claim pages or plans")
        : Outcome.done(tenant);
  }

  private <T> boolean owns(Kind<T> kind, Function<T, String> owner, String id) {
    return !state
        .list(kind, Optional.empty(), 1, one -> owner.apply(one).equals(id))
        .items()
        .isEmpty();
  }

  Shelf<Configuration> configurations(
      Supplier<ObjectModels> models, KeyEncryption encryption, Configurations applied) {
    Consumer<String> changed =
        id ->
            applied
                .changed(id)
                .whenComplete(
                    (done, failed) -> {
                      if (failed != null) {
                        LOG.warn("configuration {} is applied at the next Register", id, failed);
                      }
                    });
    return shelf(
        new Shelf.Ways<>(
            Kinds.CONFIGURATION,
            "configuration",
            (one, by) -> by.isAdministrator() || one.tenant().equals(by.tenant()),
            ConfigurationDocument::of,
            (call, id, before) -> configuration(call, id, before, models, encryption),
            one -> Optional.of(one.tenant()),
            Outcome::done,
            changed));
  }

  private Outcome<Configuration> configuration(
      Call call,
      String id,
      Optional<Configuration> before,
      Supplier<ObjectModels> models,
      KeyEncryption encryption) {
    ConfigurationDocument document = call.body(ConfigurationDocument.class);
    Principal by = call.principal();
    String tenant =
        document.tenant().or(() -> before.map(Configuration::tenant)).orElse(by.tenant());
    if (!by.isAdministrator() && !tenant.equals(by.tenant())) {
      return Outcome.refused(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    if (before.filter(one -> !one.tenant().equals(tenant)).isPresent()) {
      return Outcome.refused(FailureCode.MALFORMED, "tenant: never changes");
    }
    if (before.isEmpty()
        && state.listAll(Kinds.CONFIGURATION, one -> one.tenant().equals(tenant)).size()
            >= MOST_CONFIGURATIONS) {
      return Outcome.refused(
          FailureCode.CONFLICT,
          "the tenant has %d configurations, the most there may be".formatted(MOST_CONFIGURATIONS));
    }
    return isProvider(tenant)
        ? document.check(id, tenant, before, models.get(), encryption)
        : Outcome.refused(
            FailureCode.MALFORMED, "tenant: is not a service provider that is known here");
  }

  private <T> Shelf<T> shelf(Shelf.Ways<T> ways) {
    return new Shelf<>(state, documents, ways);
  }

  private <T> List<T> all(Kind<T> kind) {
    return state.listAll(kind, one -> true).stream().map(Stored::value).toList();
  }
}
