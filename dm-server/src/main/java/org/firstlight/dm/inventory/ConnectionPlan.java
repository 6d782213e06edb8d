package org.firstlight.dm.inventory;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;

/**
 * What a client of one's own is given at bootstrap unless a plan of higher priority fits it: a
 * server account and nothing else, so that any client takes it. An ordinary onboarding plan, which
 * people may read and change; only the server's address is kept right by us.
 *
 * @param dm where the client finds the LwM2M Server, if not where every device does
 */
record ConnectionPlan(CredentialKind credential, Optional<URI> dm) {
  private static final int SHORT_SERVER_ID = 1;

  /** Short, so that its engineer soon sees an Update. */
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The model that such clients are filed under: the plan fits it alone. */
  String model() {
    return word() + "-client" + suffix();
  }

  String id() {
    return Device.CONNECTED + "-" + word() + suffix();
  }

  private String word() {
    return credential == CredentialKind.ISSUED_KEY ? "certificate" : credential.word();
  }

  private String suffix() {
    return credential == CredentialKind.NO_SECURITY
        ? ""
        : dm.map(uri -> "-at-" + uri.getHost().replaceAll("[^A-Za-z0-9.-]", "-")).orElse("");
  }

  /** What is to be stored, if anything: the first time, or when the server has moved. */
  Optional<OnboardingPlan> after(Optional<OnboardingPlan> stored) {
    if (stored.isEmpty()) {
      return Optional.of(first());
    }
    OnboardingPlan plan = stored.get();
    ServerAccountPlan account = plan.account();
    if (dm.isEmpty() || account.uri().equals(dm.map(URI::toString))) {
      return Optional.empty();
    }
    return Optional.of(
        new OnboardingPlan(
            plan.id(),
            plan.tenant(),
            plan.models(),
            plan.owners(),
            plan.priority(),
            new ServerAccountPlan(
                account.shortServerId(),
                dm.map(URI::toString),
                account.securityInstanceId(),
                account.serverInstanceId(),
                account.lifetime(),
                account.binding(),
                account.certificateUsage()),
            plan.credential(),
            plan.subscription(),
            plan.plmn(),
            plan.apns(),
            plan.cellular(),
            plan.optional(),
            plan.timing(),
            plan.secrets(),
            plan.countries(),
            plan.revision()));
  }

  private OnboardingPlan first() {
    return new OnboardingPlan(
        id(),
        FirstAdministrator.TENANT,
        Set.of(model()),
        Set.of(Device.CONNECTED),
        0,
        new ServerAccountPlan(SHORT_SERVER_ID, dm.map(URI::toString), 1, 0, LIFETIME, "U"),
        credential,
        SubscriptionDelivery.NONE,
        Optional.empty(),
        Map.of(),
        Map.of(),
        Set.of(),
        new Timing(Duration.ZERO, TIMEOUT, 1024));
  }
}
