package org.firstlight.dm.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.objects.path.LwM2mPath;

/** An onboarding plan's APN user names and passwords: they go in and never come out. */
final class ApnSecrets {
  private static final int APN = 11;

  /** Stands for a secret that is there. */
  private static final JsonNode MASK = JsonNodeFactory.instance.objectNode().put("secret", true);

  static boolean isMask(JsonNode written) {
    return written.equals(MASK);
  }

  static boolean isSecret(LwM2mPath path) {
    return path.objectId() == APN && OnboardingPlan.APN_SECRETS.contains(path.resourceId());
  }

  /** For people to read, also where an earlier release has left a secret in clear. */
  static Map<String, Map<String, JsonNode>> masked(OnboardingPlan plan) {
    Map<String, Map<String, JsonNode>> all = new TreeMap<>();
    plan.apns()
        .forEach(
            (instance, resources) -> {
              Map<String, JsonNode> shown = new TreeMap<>();
              resources.forEach((id, text) -> shown.put(id.toString(), TextNode.valueOf(text)));
              OnboardingPlan.APN_SECRETS.stream()
                  .filter(id -> has(plan, LwM2mPath.of(APN, instance, id)))
                  .forEach(id -> shown.put(id.toString(), MASK));
              all.put(instance.toString(), shown);
            });
    return all;
  }

  private static boolean has(OnboardingPlan plan, LwM2mPath path) {
    return plan.secret(path.toString()).isPresent() || clear(plan, path).isPresent();
  }

  private static Optional<String> clear(OnboardingPlan plan, LwM2mPath path) {
    return Optional.ofNullable(plan.apns().get(path.instanceId()))
        .map(resources -> resources.get(path.resourceId()));
  }

  /**
   * The plan with its secrets encrypted.
   *
   * @param kept where the secret stays that is in {@code before}
   * @throws IllegalArgumentException where there is none
   */
  static OnboardingPlan seal(
      OnboardingPlan plan,
      Set<LwM2mPath> kept,
      Optional<OnboardingPlan> before,
      KeyEncryption encryption) {
    Map<String, EncryptedSecret> secrets = new HashMap<>();
    Map<Integer, Map<Integer, String>> open = new HashMap<>();
    plan.apns()
        .forEach(
            (instance, resources) -> {
              Map<Integer, String> rest = new HashMap<>(resources);
              for (int id : OnboardingPlan.APN_SECRETS) {
                String text = rest.remove(id);
                if (text != null) {
                  LwM2mPath path = LwM2mPath.of(APN, instance, id);
                  secrets.put(path.toString(), encrypted(plan, path, text, encryption));
                }
              }
              open.put(instance, rest);
            });
    for (LwM2mPath path : kept) {
      secrets.put(
          path.toString(),
          before
              .flatMap(
                  stored ->
                      stored
                          .secret(path.toString())
                          .or(
                              () ->
                                  clear(stored, path)
                                      .map(text -> encrypted(plan, path, text, encryption))))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          path + ": has no secret yet that could be kept")));
    }
    return plan.withApns(open, secrets);
  }

  private static EncryptedSecret encrypted(
      OnboardingPlan plan, LwM2mPath path, String text, KeyEncryption encryption) {
    return encryption.encrypt(
        text.getBytes(StandardCharsets.UTF_8),
        OnboardingPlan.secretContext(plan.id(), path.toString()));
  }

  private ApnSecrets() {}
}
