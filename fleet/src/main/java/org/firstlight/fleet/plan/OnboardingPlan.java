package org.firstlight.fleet.plan;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.credential.EncryptedSecret;

/**
 * What a device of this owner, model and country is given at bootstrap.
 *
 * @param tenant whose plan it is: the mobile operator's or the administrator's
 * @param models device models it is for; empty for all
 * @param owners tenants of owners it is for; empty for all
 * @param priority the highest that fits is taken; of equal ones, one that names models or owners
 * @param credential kind of the operational credential
 * @param subscription how the sealed subscription reaches the device
 * @param optional object ids that a device may lack: a refused write to one is noted, not fatal
 * @param apns written to /11, by instance id: resource id to value, as text; plans saved by an
 *     earlier release hold the {@link #APN_SECRETS} here too, in clear
 * @param cellular written to /10/0: resource id to value, as text
 * @param secrets of APN profiles, by path; absent in plans of an earlier release
 * @param countries where its owner said that the device is to work, ISO 3166-1 alpha-2; empty for
 *     all
 * @param revision which of its versions this is; absent in plans of an earlier release, and in one
 *     that nobody has saved
 */
public record OnboardingPlan(
    String id,
    String tenant,
    Set<String> models,
    Set<String> owners,
    int priority,
    ServerAccountPlan account,
    CredentialKind credential,
    SubscriptionDelivery subscription,
    Optional<PlmnPolicy> plmn,
    Map<Integer, Map<Integer, String>> apns,
    Map<Integer, String> cellular,
    Set<Integer> optional,
    Timing timing,
    Optional<Map<String, EncryptedSecret>> secrets,
    Set<String> countries,
    Optional<PlanRevision> revision) {
  /** User name and password, /11/x/5 and /11/x/6: encrypted at rest, shown to nobody. */
  public static final Set<Integer> APN_SECRETS = Set.of(5, 6);

  /**
   * The LwM2M Server account to write.
   *
   * @param uri coaps URI of the DM server, coap where there is no security; empty for this
   *     platform's own
   * @param securityInstanceId instance of /0 to write; 0 belongs to the bootstrap account
   * @param lifetime /1/x/1
   * @param binding /1/x/7, "U" or "UQ"
   * @param certificateUsage how the device trusts the server, where the credential is a certificate
   */
  public record ServerAccountPlan(
      int shortServerId,
      Optional<String> uri,
      int securityInstanceId,
      int serverInstanceId,
      Duration lifetime,
      String binding,
      CertificateUsage certificateUsage) {

    /** One that trusts the CA of the server's certificate. */
    public ServerAccountPlan(
        int shortServerId,
        Optional<String> uri,
        int securityInstanceId,
        int serverInstanceId,
        Duration lifetime,
        String binding) {
      this(
          shortServerId,
          uri,
          securityInstanceId,
          serverInstanceId,
          lifetime,
          binding,
          CertificateUsage.TRUST_ANCHOR_ASSERTION);
    }
  }

  /**
   * @param waitBeforeFirstWrite for clients whose socket opens late
   * @param blockSize CoAP block size in bytes, 16 to 1024, a power of two
   */
  public record Timing(Duration waitBeforeFirstWrite, Duration requestTimeout, int blockSize) {}

  public enum CredentialKind {
    /** A P-256 key and certificate made in the session, written, wiped, never stored. */
    ISSUED_KEY("issued-key"),
    /** A certificate over a key that the device makes and keeps, fetched by EST (mode 4). */
    EST("est"),
    /** A certificate over the key that the device came with: nothing secret is written. */
    CERTIFIED_FACTORY_KEY("certified-factory-key"),
    /** A P-256 key made in the session, written, wiped, without a certificate (mode 1). */
    RAW_PUBLIC_KEY("rpk"),
    /** A random PSK, stored encrypted. */
    PSK("psk"),
    /** None: plain coap, for a client on this machine that {@code connect} let in so. */
    NO_SECURITY("nosec");

    private final String word;

    CredentialKind(String word) {
      this.word = word;
    }

    /** As reports and documents spell it. */
    public String word() {
      return word;
    }
  }

  public enum SubscriptionDelivery {
    /** Written to /505/0/3 in the session. */
    PUSH("push"),
    /** This plan gives no subscription. */
    NONE("none");

    private final String word;

    SubscriptionDelivery(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public OnboardingPlan {
    models = Set.copyOf(models);
    owners = Set.copyOf(owners);
    apns = Map.copyOf(apns);
    cellular = Map.copyOf(cellular);
    optional = Set.copyOf(optional);
    secrets = secrets.map(Map::copyOf);
    countries = Set.copyOf(countries);
  }

  /** A plan without secrets, for all countries, that nobody has saved. */
  public OnboardingPlan(
      String id,
      String tenant,
      Set<String> models,
      Set<String> owners,
      int priority,
      ServerAccountPlan account,
      CredentialKind credential,
      SubscriptionDelivery subscription,
      Optional<PlmnPolicy> plmn,
      Map<Integer, Map<Integer, String>> apns,
      Map<Integer, String> cellular,
      Set<Integer> optional,
      Timing timing) {
    this(
        id,
        tenant,
        models,
        owners,
        priority,
        account,
        credential,
        subscription,
        plmn,
        apns,
        cellular,
        optional,
        timing,
        Optional.empty(),
        Set.of(),
        Optional.empty());
  }

  /** The same with other APN profiles. */
  public OnboardingPlan withApns(
      Map<Integer, Map<Integer, String>> otherApns, Map<String, EncryptedSecret> otherSecrets) {
    return new OnboardingPlan(
        id,
        tenant,
        models,
        owners,
        priority,
        account,
        credential,
        subscription,
        plmn,
        otherApns,
        cellular,
        optional,
        timing,
        Optional.of(otherSecrets),
        countries,
        revision);
  }

  /** The same for devices that are to work in these countries alone. */
  public OnboardingPlan in(Set<String> otherCountries) {
    return with(otherCountries, revision);
  }

  /** The same as it is saved now. */
  public OnboardingPlan saved(PlanRevision as) {
    return with(countries, Optional.of(as));
  }

  private OnboardingPlan with(Set<String> otherCountries, Optional<PlanRevision> as) {
    return new OnboardingPlan(
        id,
        tenant,
        models,
        owners,
        priority,
        account,
        credential,
        subscription,
        plmn,
        apns,
        cellular,
        optional,
        timing,
        secrets,
        otherCountries,
        as);
  }

  /** The secret at this path, if there is one that is encrypted. */
  public Optional<EncryptedSecret> secret(String path) {
    return secrets.map(all -> all.get(path));
  }

  /** What the ciphertext of a secret at this path is bound to. */
  public static String secretContext(String id, String path) {
    return "onboarding-plan/" + id + path;
  }
}
