package org.firstlight.kit.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.kit.plan.PlanComposer.Ingredients;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.junit.jupiter.api.Test;

class PlanCheckerTest {
  private static final ServerAccountPlan ACCOUNT = account(1, 1);
  private static final Timing TIMING = new Timing(Duration.ZERO, Duration.ofSeconds(5), 512);
  private static final Map<Integer, String> APN = Map.of(0, "operator", 1, "internet", 4, "3");

  /** Opens nothing, as where the key is another than that which the secrets are under. */
  private static final KeyEncryption KEY_LOST =
      new KeyEncryption() {
        @Override
        public EncryptedSecret encrypt(byte[] clear, String context) {
          throw new IllegalStateException("no key");
        }

        @Override
        public byte[] decrypt(EncryptedSecret secret, String context) {
          throw new IllegalStateException("no key");
        }
      };

  @Test
  void good_plan_is_written_in_the_journeys_order() {
    PlanOutcome outcome = check(ACCOUNT, TIMING, APN, Map.of(4, "3600"), List.of("26201"), false);

    assertThat(outcome)
        .asInstanceOf(InstanceOfAssertFactories.type(PlanOutcome.Checked.class))
        .satisfies(
            checked -> {
              CheckedPlan plan = checked.plan();
              assertThat(plan.deletes())
                  .extracting(LwM2mPath::toString)
                  .containsExactly("/0", "/1", "/2", "/11");
              assertThat(plan.writes(psk()))
                  .extracting(write -> write.path().toString())
                  .containsExactly("/0/1", "/1/1", "/13/0", "/10/0", "/11/0");
            });
  }

  @Test
  void plan_never_shows_a_secret() {
    PlanOutcome.Checked checked =
        (PlanOutcome.Checked) check(ACCOUNT, TIMING, APN, Map.of(), List.of(), false);

    assertThat(checked.plan().writes(psk()).toString()).doesNotContain("operator", "sesame");
  }

  @Test
  void bootstrap_accounts_own_instance_is_refused() {
    assertRejected(check(account(1, 0), TIMING, APN, Map.of(), List.of(), false), "/0/0");
  }

  @Test
  void short_server_id_out_of_range_is_refused() {
    assertRejected(check(account(65535, 1), TIMING, APN, Map.of(), List.of(), false), "65535");
  }

  @Test
  void unencrypted_server_is_refused() {
    ServerAccountPlan plain =
        new ServerAccountPlan(
            1, Optional.of("coap://example.org"), 1, 1, Duration.ofMinutes(5), "U");

    assertRejected(check(plain, TIMING, APN, Map.of(), List.of(), false), "coaps://");
  }

  @Test
  void value_out_of_range_and_of_another_type_are_both_named() {
    assertRejected(
        check(ACCOUNT, TIMING, APN, Map.of(1, "70000", 4, "soon"), List.of(), false),
        "/10/0/1",
        "/10/0/4");
  }

  @Test
  void resource_that_is_not_there_is_refused() {
    assertRejected(check(ACCOUNT, TIMING, APN, Map.of(99, "1"), List.of(), false), "/10/0/99");
  }

  @Test
  void apn_profile_without_what_is_mandatory_is_refused() {
    assertRejected(
        check(ACCOUNT, TIMING, Map.of(1, "internet"), Map.of(), List.of(), false),
        "/11/0/0",
        "/11/0/4");
  }

  @Test
  void secret_that_does_not_open_is_refused_with_its_path() {
    OnboardingPlan plan =
        plan(ACCOUNT, TIMING, APN, Map.of(), List.of(), false)
            .withApns(Map.of(0, APN), Map.of("/11/0/6", new EncryptedSecret("kek-1", "AAAA")));

    assertRejected(check(plan), "/11/0/6", "key-encryption key");
  }

  @Test
  void exclusive_policy_without_networks_is_refused() {
    assertRejected(check(ACCOUNT, TIMING, APN, Map.of(), List.of(), true), "names no network");
  }

  @Test
  void block_size_that_coap_does_not_have_is_refused() {
    assertRejected(
        check(
            ACCOUNT,
            new Timing(Duration.ZERO, Duration.ofSeconds(5), 500),
            APN,
            Map.of(),
            List.of(),
            false),
        "block size 500");
  }

  private static PlanOutcome check(
      ServerAccountPlan account,
      Timing timing,
      Map<Integer, String> apn,
      Map<Integer, String> cellular,
      List<String> plmns,
      boolean exclusive) {
    return check(plan(account, timing, apn, cellular, plmns, exclusive));
  }

  private static OnboardingPlan plan(
      ServerAccountPlan account,
      Timing timing,
      Map<Integer, String> apn,
      Map<Integer, String> cellular,
      List<String> plmns,
      boolean exclusive) {
    return new OnboardingPlan(
        "plan",
        "operator",
        Set.of(),
        Set.of(),
        0,
        account,
        CredentialKind.PSK,
        SubscriptionDelivery.NONE,
        Optional.of(new PlmnPolicy(plmns, exclusive)),
        Map.of(0, apn),
        cellular,
        Set.of(),
        timing);
  }

  @Test
  void networks_that_an_earlier_bootstrap_wrote_are_cleared_where_nobody_has_a_wish() {
    OnboardingPlan plan = plan(ACCOUNT, TIMING, APN, Map.of(), List.of(), false);
    for (boolean before : List.of(true, false)) {
      PlanDraft draft =
          PlanComposer.compose(
              ObjectModels.builtIn(),
              KEY_LOST,
              new Ingredients(
                  plan,
                  List.of(),
                  Optional.empty(),
                  Optional.empty(),
                  "coaps://localhost:5784",
                  before));
      List<PlannedWrite> networks =
          draft.writes().stream().filter(write -> write.path().objectId() == 13).toList();
      assertThat(networks).hasSize(before ? 1 : 0);
      assertThat(networks)
          .allSatisfy(
              write -> {
                assertThat(write.required()).isFalse();
                assertThat(write.values().values())
                    .containsExactly(new TypedValue.Text(""), new TypedValue.Flag(false));
              });
      assertThat(PlanChecker.faults(ObjectModels.builtIn(), draft)).isEmpty();
    }
  }

  private static PlanOutcome check(OnboardingPlan plan) {
    Ingredients ingredients =
        new Ingredients(
            plan, List.of(), plan.plmn(), Optional.empty(), "coaps://localhost:5784", false);
    ObjectModels models = ObjectModels.builtIn();
    return PlanChecker.check(models, PlanComposer.compose(models, KEY_LOST, ingredients));
  }

  private static AccountCredential psk() {
    return new AccountCredential.PreSharedKey("id".getBytes(), "sesame".getBytes());
  }

  private static ServerAccountPlan account(int shortServerId, int securityInstance) {
    return new ServerAccountPlan(
        shortServerId, Optional.empty(), securityInstance, 1, Duration.ofMinutes(5), "U");
  }

  private static void assertRejected(PlanOutcome outcome, String... words) {
    assertThat(outcome)
        .asInstanceOf(InstanceOfAssertFactories.type(PlanOutcome.Rejected.class))
        .satisfies(rejected -> assertThat(rejected.failure().reason()).contains(words));
  }
}
