package org.firstlight.dm.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.plan.CertificateUsage;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.OnboardingPlan.CredentialKind;
import org.firstlight.fleet.plan.OnboardingPlan.ServerAccountPlan;
import org.firstlight.fleet.plan.OnboardingPlan.SubscriptionDelivery;
import org.firstlight.fleet.plan.OnboardingPlan.Timing;
import org.firstlight.fleet.plan.PlanRevision;
import org.firstlight.fleet.plan.PlmnPolicy;
import org.firstlight.fleet.state.Stored;
import org.firstlight.objects.ObjectModels;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.objects.definition.ResourceDefinition;
import org.firstlight.objects.path.LwM2mPath;

/**
 * An onboarding plan as people write it: lifetimes in seconds, waits in milliseconds.
 *
 * @param comment why it is saved so; what is read back is the last one's
 * @param savedAt not written: when this version was saved
 * @param savedBy not written: by whom
 */
public record PlanDocument(
    Optional<String> id,
    Optional<Long> version,
    Optional<String> tenant,
    Optional<Set<String>> models,
    Optional<Set<String>> owners,
    Optional<Integer> priority,
    Account account,
    Optional<String> credential,
    Optional<String> subscription,
    Optional<PlmnPolicy> plmn,
    Optional<Map<String, Map<String, JsonNode>>> apns,
    Optional<Map<String, String>> cellular,
    Optional<Set<Integer>> optional,
    Optional<Waits> timing,
    Optional<Set<String>> countries,
    Optional<String> comment,
    Optional<Instant> savedAt,
    Optional<String> savedBy) {
  private static final int MOST_NAMED = 500;
  private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
  private static final int APN = 11;
  private static final int CELLULAR = 10;
  private static final int LARGEST_ID = 65_534;
  private static final String PLAIN = "coap://(127\\.0\\.0\\.1|\\[::1]|localhost):[0-9]{1,5}";

  /** The server account to write. */
  public record Account(
      Optional<Integer> shortServerId,
      Optional<String> uri,
      Optional<Integer> securityInstanceId,
      Optional<Integer> serverInstanceId,
      Optional<Long> lifetime,
      Optional<String> binding,
      Optional<Integer> certificateUsage) {}

  /** How patient the session is. */
  public record Waits(
      Optional<Long> waitBeforeFirstWriteMs,
      Optional<Long> requestTimeoutMs,
      Optional<Integer> blockSize) {}

  public static PlanDocument of(Stored<OnboardingPlan> stored) {
    return of(stored.value(), stored.version());
  }

  /** The plan as it was in one of its versions. */
  public static PlanDocument of(OnboardingPlan plan, long version) {
    ServerAccountPlan account = plan.account();
    return new PlanDocument(
        Optional.of(plan.id()),
        Optional.of(version),
        Optional.of(plan.tenant()),
        Optional.of(new TreeSet<>(plan.models())),
        Optional.of(new TreeSet<>(plan.owners())),
        Optional.of(plan.priority()),
        new Account(
            Optional.of(account.shortServerId()),
            account.uri(),
            Optional.of(account.securityInstanceId()),
            Optional.of(account.serverInstanceId()),
            Optional.of(account.lifetime().toSeconds()),
            Optional.of(account.binding()),
            Optional.of(account.certificateUsage().number())),
        Optional.of(plan.credential().word()),
        Optional.of(plan.subscription().word()),
        plan.plmn(),
        Optional.of(ApnSecrets.masked(plan)),
        Optional.of(texts(plan.cellular())),
        Optional.of(new TreeSet<>(plan.optional())),
        Optional.of(
            new Waits(
                Optional.of(plan.timing().waitBeforeFirstWrite().toMillis()),
                Optional.of(plan.timing().requestTimeout().toMillis()),
                Optional.of(plan.timing().blockSize()))),
        Optional.of(new TreeSet<>(plan.countries())),
        plan.revision().flatMap(PlanRevision::comment),
        plan.revision().flatMap(PlanRevision::savedAt),
        plan.revision().map(PlanRevision::savedBy));
  }

  private static Map<String, String> texts(Map<Integer, String> values) {
    Map<String, String> texts = new TreeMap<>();
    values.forEach((id, value) -> texts.put(id.toString(), value));
    return texts;
  }

  /**
   * Checks it whole, and encrypts what is secret; a fault names its path and the rule.
   *
   * @param before the plan as it is, for the secrets that are kept
   */
  public Outcome<OnboardingPlan> check(
      String pathId,
      Principal by,
      Optional<OnboardingPlan> before,
      ObjectModels models,
      KeyEncryption encryption) {
    String whose = tenant.orElse(by.tenant());
    if (!by.isAdministrator() && !whose.equals(by.tenant())) {
      return Outcome.refused(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    try {
      comment
          .flatMap(text -> Texts.name("comment", text))
          .ifPresent(
              fault -> {
                throw new IllegalArgumentException(fault);
              });
      named("models", this.models);
      named("owners", owners);
      named("countries", countries);
      countries
          .orElse(Set.of())
          .forEach(
              country ->
                  demand(
                      COUNTRIES.contains(country),
                      "countries: each is an ISO 3166-1 alpha-2 code, as FR"));
      CredentialKind kind =
          word("credential", credential, CredentialKind.values(), CredentialKind::word);
      demand(
          kind != CredentialKind.CERTIFIED_FACTORY_KEY || !this.models.orElse(Set.of()).isEmpty(),
          "models: names those that take a certificate over their factory key; others refuse it");
      Set<LwM2mPath> kept = new HashSet<>();
      OnboardingPlan written =
          new OnboardingPlan(
              pathId,
              whose,
              this.models.orElse(Set.of()),
              owners.orElse(Set.of()),
              priority.orElse(0),
              account(account, kind),
              kind,
              word(
                  "subscription",
                  subscription,
                  SubscriptionDelivery.values(),
                  SubscriptionDelivery::word),
              plmn,
              instances(kept),
              resources("cellular", cellular.orElse(Map.of())),
              optional.orElse(Set.of()),
              waits(timing));
      OnboardingPlan plan = written.in(countries.orElse(Set.of()));
      return valueFault(plan, models)
          .<Outcome<OnboardingPlan>>map(why -> Outcome.refused(FailureCode.MALFORMED, why))
          .orElseGet(() -> Outcome.done(ApnSecrets.seal(plan, kept, before, encryption)));
    } catch (IllegalArgumentException fault) {
      return Outcome.refused(FailureCode.MALFORMED, String.valueOf(fault.getMessage()));
    }
  }

  private static void named(String field, Optional<Set<String>> names) {
    Set<String> all = names.orElse(Set.of());
    demand(all.size() <= MOST_NAMED, "%s: are at most %d".formatted(field, MOST_NAMED));
    demand(
        all.stream().allMatch(name -> !name.isBlank() && name.length() <= 64),
        field + ": each has 1 to 64 characters");
  }

  private static ServerAccountPlan account(Account written, CredentialKind kind) {
    long lifetime = written.lifetime().orElse(86_400L);
    demand(lifetime >= 1 && lifetime <= Integer.MAX_VALUE, "account.lifetime: is at least 1 s");
    String binding = written.binding().orElse("U");
    demand(binding.equals("U") || binding.equals("UQ"), "account.binding: is U or UQ");
    if (kind == CredentialKind.NO_SECURITY) {
      demand(
          written.uri().filter(uri -> uri.matches(PLAIN)).isPresent(),
          "account.uri: without security it is coap://127.0.0.1:port");
    } else {
      written.uri().ifPresent(PlanDocument::demandCoaps);
    }
    int security = written.securityInstanceId().orElse(1);
    demand(security != 0, "account.securityInstanceId: /0/0 belongs to the bootstrap account");
    return new ServerAccountPlan(
        id("account.shortServerId", written.shortServerId().orElse(1), 1),
        written.uri(),
        id("account.securityInstanceId", security, 0),
        id("account.serverInstanceId", written.serverInstanceId().orElse(0), 0),
        Duration.ofSeconds(lifetime),
        binding,
        usage(written.certificateUsage().orElse(2)));
  }

  private static CertificateUsage usage(int written) {
    return CertificateUsage.of(written)
        .orElseThrow(() -> new IllegalArgumentException("account.certificateUsage: is 0 to 3"));
  }

  private static void demandCoaps(String text) {
    boolean good;
    try {
      URI uri = URI.create(text);
      good = "coaps".equals(uri.getScheme()) && uri.getHost() != null && text.length() <= 255;
    } catch (IllegalArgumentException malformed) {
      good = false;
    }
    demand(good, "account.uri: does not look like coaps://host:port");
  }

  private static Timing waits(Optional<Waits> written) {
    long wait = written.flatMap(Waits::waitBeforeFirstWriteMs).orElse(0L);
    long timeout = written.flatMap(Waits::requestTimeoutMs).orElse(30_000L);
    int block = written.flatMap(Waits::blockSize).orElse(1024);
    demand(wait >= 0 && wait <= 60_000, "timing.waitBeforeFirstWriteMs: is 0 to 60000");
    demand(timeout >= 1000 && timeout <= 300_000, "timing.requestTimeoutMs: is 1000 to 300000");
    demand(
        block >= 16 && block <= 1024 && Integer.bitCount(block) == 1,
        "timing.blockSize: is a power of two of 16..1024");
    return new Timing(Duration.ofMillis(wait), Duration.ofMillis(timeout), block);
  }

  private static <E> E word(
      String field, Optional<String> written, E[] all, Function<E, String> spelling) {
    return Arrays.stream(all)
        .filter(one -> spelling.apply(one).equals(written.orElse(spelling.apply(all[0]))))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    field
                        + ": is none of "
                        + Arrays.stream(all).map(spelling).collect(Collectors.joining(", "))));
  }

  /** The APN profiles' texts; the paths of masks are added to {@code kept}. */
  private Map<Integer, Map<Integer, String>> instances(Set<LwM2mPath> kept) {
    Map<Integer, Map<Integer, String>> all = new HashMap<>();
    apns.orElse(Map.of())
        .forEach(
            (key, resources) -> {
              int instance = number("apns", key);
              Map<Integer, String> texts = new HashMap<>();
              resources.forEach(
                  (name, written) -> {
                    int id = number("apns." + key, name);
                    LwM2mPath path = LwM2mPath.of(APN, instance, id);
                    if (ApnSecrets.isSecret(path) && ApnSecrets.isMask(written)) {
                      kept.add(path);
                    } else {
                      demand(written.isTextual(), path + ": a text is wanted");
                      texts.put(id, written.textValue());
                    }
                  });
              all.put(instance, texts);
            });
    return all;
  }

  private static Map<Integer, String> resources(String field, Map<String, String> written) {
    return written.entrySet().stream()
        .collect(Collectors.toMap(entry -> number(field, entry.getKey()), Map.Entry::getValue));
  }

  private static int number(String field, String key) {
    demand(key.matches("0|[1-9][0-9]{0,4}"), field + ": has a name that is no id");
    return id(field, Integer.parseInt(key), 0);
  }

  private static int id(String field, int value, int least) {
    demand(
        value >= least && value <= LARGEST_ID, "%s: is %d..%d".formatted(field, least, LARGEST_ID));
    return value;
  }

  /** Each value against the object models, and what a new APN profile must have. */
  private static Optional<String> valueFault(OnboardingPlan plan, ObjectModels models) {
    for (var apn : plan.apns().entrySet()) {
      LwM2mPath instance = LwM2mPath.of(APN, apn.getKey());
      Optional<String> fault =
          valueFault(instance, apn.getValue(), models)
              .or(() -> lacking(instance, apn.getValue(), models));
      if (fault.isPresent()) {
        return fault;
      }
    }
    return valueFault(LwM2mPath.of(CELLULAR, 0), plan.cellular(), models);
  }

  private static Optional<String> valueFault(
      LwM2mPath instance, Map<Integer, String> values, ObjectModels models) {
    return values.entrySet().stream()
        .map(value -> models.parse(instance.child(value.getKey()), value.getValue()).violation())
        .flatMap(Optional::stream)
        .map(violation -> "%s (rule %s)".formatted(violation.message(), violation.rule()))
        .findFirst();
  }

  private static Optional<String> lacking(
      LwM2mPath instance, Map<Integer, String> values, ObjectModels models) {
    List<ResourceDefinition> resources =
        models
            .find(instance.objectId())
            .map(ObjectDefinition::resources)
            .map(all -> List.copyOf(all.values()))
            .orElse(List.of());
    return resources.stream()
        .filter(resource -> resource.mandatory() && resource.operations().writable())
        .filter(resource -> !values.containsKey(resource.id()))
        .findFirst()
        .map(
            resource ->
                "%s: %s is mandatory".formatted(instance.child(resource.id()), resource.name()));
  }

  private static void demand(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalArgumentException(fault);
    }
  }
}
