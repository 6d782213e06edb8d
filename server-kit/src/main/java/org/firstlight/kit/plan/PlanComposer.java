package org.firstlight.kit.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.kit.plan.SubscriptionChoice.Push;
import org.firstlight.objects.CheckResult;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;

/**
 * Turns documents into writes, in the order of the journey: the server account (/0, /1), the PLMN
 * list (/13), cellular settings (/10), APNs (/11), the sealed subscription (/505/0/3). Deletes go
 * first: /0, where the bootstrap account survives, /1, /2, and /11 where the plan brings APNs of
 * its own; never {@code /}. Objects with one instance are overwritten, not deleted: a modem stands
 * behind them.
 */
final class PlanComposer {
  private static final LwM2mPath PACKAGE = LwM2mPath.of(505, 0, 3);

  /**
   * @param wanted the owner's PLMNs, best first
   * @param serverUri the LwM2M Server of this platform
   * @param writtenBefore whether the device may hold what an earlier bootstrap wrote
   */
  record Ingredients(
      OnboardingPlan plan,
      List<String> wanted,
      Optional<PlmnPolicy> policy,
      Optional<SubscriptionChoice.Chosen> subscription,
      String serverUri,
      boolean writtenBefore) {}

  private final ObjectModels models;
  private final KeyEncryption encryption;
  private final Ingredients from;
  private final List<String> faults = new ArrayList<>();
  private final List<PlannedWrite> writes = new ArrayList<>();

  private PlanComposer(ObjectModels models, KeyEncryption encryption, Ingredients from) {
    this.models = models;
    this.encryption = encryption;
    this.from = from;
  }

  static PlanDraft compose(ObjectModels models, KeyEncryption encryption, Ingredients from) {
    return new PlanComposer(models, encryption, from).compose();
  }

  private PlanDraft compose() {
    String uri = from.plan().account().uri().orElse(from.serverUri());
    PlannedWrite security = security(uri);
    server();
    plmns();
    cellular();
    apns();
    subscription();
    return new PlanDraft(
        from.plan(), uri, deletes(), security, writes, from.subscription(), faults);
  }

  private List<LwM2mPath> deletes() {
    List<LwM2mPath> deletes =
        new ArrayList<>(List.of(LwM2mPath.of(0), LwM2mPath.of(1), LwM2mPath.of(2)));
    if (!from.plan().apns().isEmpty()) {
      deletes.add(LwM2mPath.of(11));
    }
    return deletes;
  }

  private PlannedWrite security(String uri) {
    ServerAccountPlan account = from.plan().account();
    return instance(
        LwM2mPath.of(0, account.securityInstanceId()),
        Map.of(
            0, new TypedValue.Text(uri),
            1, new TypedValue.Flag(false),
            10, new TypedValue.Whole(account.shortServerId())),
        "the account of the plan, to %s, with a credential of kind %s that is made when it comes"
            .formatted(
                account.uri().isPresent() ? "the server that it names" : "this platform",
                from.plan().credential().word()));
  }

  private void server() {
    ServerAccountPlan account = from.plan().account();
    writes.add(
        instance(
            LwM2mPath.of(1, account.serverInstanceId()),
            Map.of(
                0, new TypedValue.Whole(account.shortServerId()),
                1, new TypedValue.Whole(account.lifetime().toSeconds()),
                6, new TypedValue.Flag(true),
                7, new TypedValue.Text(account.binding())),
            "the account of the plan"));
  }

  private void plmns() {
    PlmnChoice choice = PlmnChoice.of(from.policy(), from.wanted());
    if (choice.exclusive() && choice.plmns().isEmpty()) {
      faults.add("the PLMN policy is exclusive and names no network");
    }
    choice.plmns().stream()
        .filter(plmn -> !plmn.matches("[0-9]{5,6}"))
        .findFirst()
        .ifPresent(bad -> faults.add("a chosen PLMN is not 5 or 6 digits, MCC and MNC"));
    if (choice.saysNothing() && from.writtenBefore()) {
      // another's list, and its lock on it, are not this owner's
      PlannedWrite cleared =
          instance(
              LwM2mPath.of(13, 0),
              Map.of(6, new TypedValue.Text(""), 7, new TypedValue.Flag(false)),
              "nobody has a wish now: what an earlier bootstrap wrote ends");
      writes.add(new PlannedWrite(cleared.path(), cleared.values(), false, cleared.why()));
    } else if (!choice.saysNothing()) {
      writes.add(
          instance(
              LwM2mPath.of(13, 0),
              Map.of(
                  6, new TypedValue.Text(String.join(",", choice.plmns())),
                  7, new TypedValue.Flag(choice.exclusive())),
              whyPlmns()));
    }
  }

  private String whyPlmns() {
    String policy =
        from.policy()
            .map(PlmnPolicy::exclusive)
            .map(
                exclusive ->
                    exclusive
                        ? "of the owner's choices those that the operator allows, then the"
                            + " operator's others"
                        : "the owner's choices, then the operator's others")
            .orElse("the owner's choices; no operator has a policy here");
    String whose =
        from.plan().plmn().isPresent()
            ? " (the policy is the plan's)"
            : from.policy().isPresent() ? " (the policy is the operator's)" : "";
    return policy + whose;
  }

  private void cellular() {
    if (!from.plan().cellular().isEmpty()) {
      writes.add(
          texts(LwM2mPath.of(10, 0), from.plan().cellular(), "the plan's cellular settings"));
    }
  }

  private void apns() {
    new TreeMap<>(from.plan().apns())
        .forEach(
            (id, resources) -> {
              LwM2mPath profile = LwM2mPath.of(11, id);
              Map<Integer, String> all = new TreeMap<>(resources);
              for (int resource : OnboardingPlan.APN_SECRETS) {
                opened(profile.child(resource)).ifPresent(text -> all.put(resource, text));
              }
              writes.add(texts(profile, all, "the plan's APN profile " + id));
            });
  }

  private Optional<String> opened(LwM2mPath path) {
    Optional<EncryptedSecret> secret = from.plan().secret(path.toString());
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] clear =
          encryption.decrypt(
              secret.get(), OnboardingPlan.secretContext(from.plan().id(), path.toString()));
      return Optional.of(new String(clear, StandardCharsets.UTF_8));
    } catch (IllegalStateException unreadable) {
      faults.add(path + ": its secret does not open with this platform's key-encryption key");
      return Optional.empty();
    }
  }

  private void subscription() {
    if (from.subscription().orElse(null) instanceof Push push) {
      byte[] sealed = Base64.getDecoder().decode(push.subscription().sealed().orElseThrow());
      SortedMap<LwM2mPath, TypedValue> value = new TreeMap<>();
      value.put(PACKAGE, new TypedValue.Bytes(sealed));
      String id = push.subscription().packageId();
      writes.add(
          new PlannedWrite(
              PACKAGE,
              value,
              required(PACKAGE),
              "the sealed subscription %s of %s, which its eUICC does not have yet"
                  .formatted(id, push.subscription().tenant())));
    }
  }

  /** An instance whose values a plan's document gives as text. */
  private PlannedWrite texts(LwM2mPath path, Map<Integer, String> texts, String why) {
    Map<Integer, TypedValue> values = new TreeMap<>();
    texts.forEach(
        (id, text) -> {
          CheckResult result = models.parse(path.child(id), text);
          result.accepted().ifPresent(value -> values.put(id, value));
          result.violation().ifPresent(violation -> faults.add(violation.message()));
        });
    return instance(path, values, why);
  }

  private PlannedWrite instance(LwM2mPath path, Map<Integer, TypedValue> resources, String why) {
    return new PlannedWrite(path, new TreeMap<>(), required(path), why).with(resources);
  }

  private boolean required(LwM2mPath path) {
    return !from.plan().optional().contains(path.objectId());
  }
}
