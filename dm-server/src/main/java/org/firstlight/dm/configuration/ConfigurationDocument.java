package org.firstlight.dm.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.firstlight.dm.access.AccessPolicy;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.objects.CheckResult;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.path.LwM2mPath;

/** A third party's configuration as people write and read it: secrets go in and never come out. */
public record ConfigurationDocument(
    Optional<String> id,
    Optional<Long> version,
    Optional<String> tenant,
    Optional<Set<String>> endpointNames,
    Optional<Set<String>> models,
    Map<String, Value> values) {
  private static final int MOST_VALUES = 500;
  private static final int LONGEST_VALUE = 64 * 1024;

  /**
   * One of the two.
   *
   * @param secret a text to keep secret; {@code true} for the one that is there already
   */
  public record Value(Optional<String> value, Optional<JsonNode> secret) {
    static final Value MASKED = new Value(Optional.empty(), Optional.of(BooleanNode.TRUE));

    /** Jackson reads an absent member of type JsonNode as JSON's null. */
    public Value {
      secret = secret.filter(node -> !node.isNull());
    }

    boolean isKept() {
      return secret.filter(node -> node.isBoolean() && node.booleanValue()).isPresent();
    }

    /** What is to be written; empty for a kept secret. */
    Optional<String> text() {
      return value.or(() -> secret.filter(JsonNode::isTextual).map(JsonNode::textValue));
    }

    boolean isWellFormed() {
      return value.isPresent() != secret.isPresent() && (isKept() || text().isPresent());
    }

    @Override
    public String toString() {
      return "Value[]";
    }
  }

  /** For people to read: every secret is masked. */
  public static ConfigurationDocument of(Stored<Configuration> stored) {
    Configuration configuration = stored.value();
    Map<String, Value> values = new TreeMap<>();
    configuration
        .values()
        .forEach(
            (path, value) ->
                values.put(
                    path,
                    value
                        .clear()
                        .map(text -> new Value(Optional.of(text), Optional.empty()))
                        .orElse(Value.MASKED)));
    return new ConfigurationDocument(
        Optional.of(configuration.id()),
        Optional.of(stored.version()),
        Optional.of(configuration.tenant()),
        Optional.of(configuration.endpointNames()),
        Optional.of(configuration.models()),
        values);
  }

  /**
   * Checks it whole, and encrypts what is secret. A fault names its path and the rule, and shows no
   * value of a secret.
   *
   * @param tenant whose document it is
   * @param before the document as it is, for the secrets that are kept
   */
  public Outcome<Configuration> check(
      String pathId,
      String tenant,
      Optional<Configuration> before,
      ObjectModels models,
      KeyEncryption encryption) {
    if (values.size() > MOST_VALUES) {
      return refused("values: has more than %d paths".formatted(MOST_VALUES));
    }
    Map<String, Configuration.Value> checked = new HashMap<>();
    for (var entry : values.entrySet()) {
      Outcome<Configuration.Value> value =
          path(entry.getKey())
              .then(path -> checked(pathId, path, entry.getValue(), before, models, encryption));
      Optional<Failure> refusal = value.refusal();
      if (refusal.isPresent()) {
        return Outcome.refused(refusal.get());
      }
      checked.put(entry.getKey(), value.result().orElseThrow());
    }
    return overlap()
        .<Outcome<Configuration>>map(ConfigurationDocument::refused)
        .orElseGet(
            () ->
                Outcome.done(
                    new Configuration(
                        pathId,
                        tenant,
                        endpointNames.orElse(Set.of()),
                        this.models.orElse(Set.of()),
                        checked)));
  }

  /** That it is a path of a value, and none that is closed to third parties. */
  private static Outcome<LwM2mPath> path(String text) {
    LwM2mPath path;
    try {
      path = LwM2mPath.parse(text);
    } catch (IllegalArgumentException malformed) {
      return refused("values: a path is malformed: " + malformed.getMessage());
    }
    Optional<Failure> closed =
        AccessPolicy.refuse(Tenant.Kind.SERVICE_PROVIDER, path, AccessPolicy.Action.WRITE);
    if (closed.isPresent()) {
      return Outcome.refused(closed.get());
    }
    return path.depth() >= 3
        ? Outcome.done(path)
        : refused(path + ": names no Resource, and values stand at Resources");
  }

  private static Outcome<Configuration.Value> checked(
      String id,
      LwM2mPath path,
      Value value,
      Optional<Configuration> before,
      ObjectModels models,
      KeyEncryption encryption) {
    if (!value.isWellFormed()) {
      return refused(path + ": one of value and secret is wanted, each a text");
    }
    if (value.isKept()) {
      return before
          .map(configuration -> configuration.values().get(path.toString()))
          .filter(kept -> kept.secret().isPresent())
          .map(Outcome::done)
          .orElseGet(() -> refused(path + ": has no secret yet that could be kept"));
    }
    String text = value.text().orElseThrow();
    if (text.length() > LONGEST_VALUE) {
      return refused(path + ": has more than %d characters".formatted(LONGEST_VALUE));
    }
    boolean secret = value.secret().isPresent();
    CheckResult parsed = models.parse(path, text);
    CheckResult result =
        parsed.accepted().map(typed -> models.checkWrite(path, typed)).orElse(parsed);
    if (result instanceof CheckResult.Violation violation) {
      return refused(
          secret
              ? "%s: the secret breaks rule %s".formatted(path, violation.rule())
              : "%s (rule %s)".formatted(violation.message(), violation.rule()));
    }
    return Outcome.done(
        secret
            ? Configuration.Value.of(
                encryption.encrypt(
                    text.getBytes(StandardCharsets.UTF_8),
                    Configuration.secretContext(id, path.toString())))
            : Configuration.Value.of(text));
  }

  /** Two values of which one lies within the other. */
  private Optional<String> overlap() {
    return values.keySet().stream()
        .filter(
            path ->
                path.lastIndexOf('/') > 0
                    && values.containsKey(path.substring(0, path.lastIndexOf('/'))))
        .findFirst()
        .map(path -> path + ": has a value, and lies within another that has one");
  }

  private static <T> Outcome<T> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }
}
