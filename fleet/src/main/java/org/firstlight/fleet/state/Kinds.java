package org.firstlight.fleet.state;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.configuration.Configuration;
import org.firstlight.fleet.configuration.ConfigurationStatus;
import org.firstlight.fleet.configuration.WrittenSecrets;
import org.firstlight.fleet.credential.OpenEnrolment;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.credential.OperationalRawKey;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.credential.PublishedRevocationList;
import org.firstlight.fleet.credential.RenewalWish;
import org.firstlight.fleet.credential.RevokedCertificate;
import org.firstlight.fleet.credential.SavedConnectionsKey;
import org.firstlight.fleet.device.ClaimPage;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DevicePass;
import org.firstlight.fleet.operation.OperationQueue;
import org.firstlight.fleet.plan.CertificateUsage;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.plan.PlanRevision;
import org.firstlight.fleet.registration.ObservedPaths;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.BrowserSession;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;
import org.firstlight.fleet.trust.KeyAlarm;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.OcspStatus;
import org.firstlight.fleet.trust.RevocationListBytes;
import org.firstlight.fleet.trust.RevocationStatus;

/** Every kind of stored record. Home is the endpoint name for a device's, else the record's id. */
public final class Kinds {
  // a device's own: home is the endpoint name
  /**
   * Format 3 is format 2, packed; it may name the CA that vouched. Format 4 may hold what was
   * answered at its claim.
   */
  public static final Kind<Device> DEVICE =
      new Kind<>(
          "dev",
          Device.class,
          5,
          true,
          Optional.of(DeviceIndex.DEVICES),
          List.of(
              Kinds::withTags,
              UnaryOperator.identity(),
              UnaryOperator.identity(),
              UnaryOperator.identity()));

  /** Format 2 is format 1, packed. */
  public static final Kind<BootstrapSession> SESSION =
      new Kind<>(
          "ses",
          BootstrapSession.class,
          2,
          false,
          Optional.empty(),
          List.of(UnaryOperator.identity()));

  public static final Kind<SealedSubscription> SUBSCRIPTION =
      new Kind<>("sub", SealedSubscription.class, 1, true, Optional.of(DeviceIndex.SUBSCRIPTIONS));
  public static final Kind<PskRecord> PSK = new Kind<>("psk", PskRecord.class, 1, false);

  /**
   * Id is {@link OperationalCertificate#currentId}; while a bootstrap hands over another, that one
   * waits beside it as {@link OperationalCertificate#nextId}. A device may show either. Format 2
   * may name the key. A device is found by the end of its current one.
   */
  public static final Kind<OperationalCertificate> CERTIFICATE =
      new Kind<>(
          "crt",
          OperationalCertificate.class,
          2,
          false,
          Optional.of(DeviceIndex.CERTIFICATES),
          List.of(UnaryOperator.identity()));

  /** With the ids of {@link #CERTIFICATE}, which mean the same. */
  public static final Kind<OperationalRawKey> RAW_PUBLIC_KEY =
      new Kind<>("rpk", OperationalRawKey.class, 1, false);

  /** Id is the serial number. Until its end is past, so that the CRL has it. */
  public static final Kind<RevokedCertificate> REVOKED_CERTIFICATE =
      new Kind<>(
          "crv",
          RevokedCertificate.class,
          2,
          true,
          Optional.empty(),
          List.of(Kinds::withoutMadeByDevice));

  /** Home and id are the endpoint name. */
  public static final Kind<RenewalWish> RENEWAL = new Kind<>("rnw", RenewalWish.class, 1, false);

  /** Id is {@link OpenEnrolment#id}. */
  public static final Kind<OpenEnrolment> ENROLMENT =
      new Kind<>("enr", OpenEnrolment.class, 1, false);

  public static final Kind<ConfigurationStatus> CONFIGURATION_STATUS =
      new Kind<>("cst", ConfigurationStatus.class, 1, false);

  /** Lets the end user in who claimed the device. */
  public static final Kind<DevicePass> DEVICE_PASS = new Kind<>("dps", DevicePass.class, 1, false);

  /** Outlives the device's owner: what it was given, it may still hold. */
  public static final Kind<WrittenSecrets> WRITTEN_SECRETS =
      new Kind<>("wsc", WrittenSecrets.class, 1, false);

  /** Format 2 is format 1, packed. */
  public static final Kind<JourneyRecord> JOURNEY =
      new Kind<>(
          "jrn",
          JourneyRecord.class,
          2,
          false,
          Optional.empty(),
          List.of(UnaryOperator.identity()));

  /** Id is the account's short server id. */
  public static final Kind<ObservedPaths> OBSERVED =
      new Kind<>("obs", ObservedPaths.class, 1, false);

  /** Home and id are the endpoint name. What its requests carry is encrypted. */
  public static final Kind<OperationQueue> OPERATIONS =
      new Kind<>(
          "opq",
          OperationQueue.class,
          1,
          false,
          Optional.empty(),
          List.of(),
          Optional.of(OperationQueue::due));

  // the platform's: home is the id
  /**
   * Format 2 knows which of its CAs are unproven; those of format 1 are trusted as they were.
   * Format 3 knows where revocation lists are, and types of hardware. Format 4 knows OCSP
   * responders, and who signs its shipment lists.
   */
  public static final Kind<Manufacturer> MANUFACTURER =
      new Kind<>(
          "man",
          Manufacturer.class,
          4,
          true,
          Optional.empty(),
          List.of(
              Kinds::withNothingUnproven,
              Kinds::withoutListsAndTypes,
              Kinds::withoutRespondersAndSigners));

  /** A shipment list on its way in. Format 2 may be deleted while it is worked on. */
  public static final Kind<ShipmentList> SHIPMENT =
      new Kind<>(
          "shp", ShipmentList.class, 2, true, Optional.empty(), List.of(UnaryOperator.identity()));

  /** Home and id are the endpoint name: the last time that somebody came with another key. */
  public static final Kind<KeyAlarm> KEY_ALARM = new Kind<>("kal", KeyAlarm.class, 1, false);

  /** Home and id are {@link RevocationStatus#id}. */
  public static final Kind<RevocationStatus> REVOCATION_STATUS =
      new Kind<>("crs", RevocationStatus.class, 1, true);

  /** In the same home, with the same id. */
  public static final Kind<RevocationListBytes> REVOCATION_LIST =
      new Kind<>("crl", RevocationListBytes.class, 1, false);

  /** Home and id are {@link PublishedRevocationList#ID}. */
  public static final Kind<PublishedRevocationList> PUBLISHED_LIST =
      new Kind<>("pls", PublishedRevocationList.class, 1, false);

  /** In the same home, with the same id. */
  public static final Kind<RevocationListBytes> PUBLISHED_LIST_BYTES =
      new Kind<>("plb", RevocationListBytes.class, 1, false);

  /** Home and id are the manufacturer's id. */
  public static final Kind<OcspStatus> OCSP_STATUS = new Kind<>("ocs", OcspStatus.class, 1, false);

  /** Home and id are "node/server". Good once, and in no backup. */
  public static final Kind<SavedConnectionsKey> SAVED_CONNECTIONS =
      new Kind<>("dsv", SavedConnectionsKey.class, 1, false);

  public static final Kind<Tenant> TENANT = new Kind<>("ten", Tenant.class, 1, true);

  /** Format 2 may be a user's, or narrowed to scopes; format 3 may end with another. */
  public static final Kind<ApiToken> TOKEN =
      new Kind<>(
          "tok",
          ApiToken.class,
          3,
          true,
          Optional.empty(),
          List.of(UnaryOperator.identity(), UnaryOperator.identity()));

  /** Home and id are its sign-in name. */
  public static final Kind<User> USER = new Kind<>("usr", User.class, 1, true);

  /** In the home of its token, with the same id. Format 2 changes its cookie now and then. */
  public static final Kind<BrowserSession> BROWSER_SESSION =
      new Kind<>(
          "bse",
          BrowserSession.class,
          2,
          false,
          Optional.empty(),
          List.of(UnaryOperator.identity()));

  /**
   * Format 2 keeps APN secrets encrypted; 1 held them in clear, and is read still. Format 3 may be
   * for some countries, and knows which of its versions it is. Format 4 says how the device trusts
   * the server.
   */
  public static final Kind<OnboardingPlan> PLAN =
      new Kind<>(
          "pln",
          OnboardingPlan.class,
          4,
          true,
          Optional.empty(),
          List.of(UnaryOperator.identity(), Kinds::forAllCountries, Kinds::trustingTheCa));

  /**
   * A plan as it was saved: home is the plan's id, id is {@link PlanRevision#id}. Format 2 says how
   * the device trusts the server.
   */
  public static final Kind<OnboardingPlan> PLAN_REVISION =
      new Kind<>(
          "plv", OnboardingPlan.class, 2, false, Optional.empty(), List.of(Kinds::trustingTheCa));

  public static final Kind<Configuration> CONFIGURATION =
      new Kind<>("cfg", Configuration.class, 1, true);

  public static final Kind<ClaimPage> CLAIM_PAGE = new Kind<>("cpg", ClaimPage.class, 1, true);

  // hints from another name to an endpoint name, checked against the device's record
  /** Id is the EID. */
  public static final Kind<Hint> BY_EID = new Kind<>("eid", Hint.class, 1, false);

  /** Id is the claim code's SHA-256 in hex. */
  public static final Kind<Hint> BY_CLAIM_CODE = new Kind<>("ccd", Hint.class, 1, false);

  /** Id is the SHA-256 in hex of an operational key that a device made, or of a raw public key. */
  public static final Kind<Hint> BY_KEY = new Kind<>("key", Hint.class, 1, false);

  /** Id is the package id. */
  public static final Kind<Hint> BY_PACKAGE = new Kind<>("pkg", Hint.class, 1, false);

  /** Uploaded object model (DDF); id is "objectId/version". */
  public static final Kind<ObjectModelDocument> OBJECT_MODEL =
      new Kind<>("ddf", ObjectModelDocument.class, 1, true);

  /**
   * Home is {@link AuditEntry#HOME}; ids sort the newest first. Format 2 may say where an act came
   * from, format 3 which user it was and whose device else.
   */
  public static final Kind<AuditEntry> AUDIT =
      new Kind<>(
          "aud",
          AuditEntry.class,
          3,
          true,
          Optional.empty(),
          List.of(UnaryOperator.identity(), UnaryOperator.identity()));

  /**
   * Custody, credentials, and who sends which request, so that none that may not be repeated is: a
   * change of one of these is guarded, whatever else is in it.
   */
  public static final Set<Kind<?>> GUARDED =
      Set.of(SUBSCRIPTION, PSK, CERTIFICATE, RAW_PUBLIC_KEY, REVOKED_CERTIFICATE, OPERATIONS);

  /**
   * Without them, what they hide would be shown: one that cannot be read stays in its place, and
   * each reading of it fails until somebody mends it.
   */
  public static final Set<Kind<?>> NEVER_MOVED = Set.of(WRITTEN_SECRETS);

  /** All of them, in no order that means anything. */
  public static List<Kind<?>> all() {
    return List.of(
        DEVICE,
        SESSION,
        SUBSCRIPTION,
        PSK,
        CERTIFICATE,
        RAW_PUBLIC_KEY,
        REVOKED_CERTIFICATE,
        RENEWAL,
        ENROLMENT,
        CONFIGURATION_STATUS,
        WRITTEN_SECRETS,
        JOURNEY,
        OBSERVED,
        OPERATIONS,
        MANUFACTURER,
        SHIPMENT,
        KEY_ALARM,
        REVOCATION_STATUS,
        REVOCATION_LIST,
        PUBLISHED_LIST,
        PUBLISHED_LIST_BYTES,
        OCSP_STATUS,
        SAVED_CONNECTIONS,
        TENANT,
        TOKEN,
        USER,
        BROWSER_SESSION,
        PLAN,
        PLAN_REVISION,
        CONFIGURATION,
        CLAIM_PAGE,
        DEVICE_PASS,
        BY_EID,
        BY_CLAIM_CODE,
        BY_KEY,
        BY_PACKAGE,
        OBJECT_MODEL,
        AUDIT);
  }

  /** It said whether the device made the key, and not which key that was. */
  private static Map<String, Object> withoutMadeByDevice(Map<String, Object> revoked) {
    Map<String, Object> next = new HashMap<>(revoked);
    next.remove("est");
    return next;
  }

  private static Map<String, Object> withTags(Map<String, Object> device) {
    Map<String, Object> tagged = new HashMap<>(device);
    tagged.putIfAbsent("tags", List.of());
    return tagged;
  }

  private static Map<String, Object> withNothingUnproven(Map<String, Object> manufacturer) {
    Map<String, Object> proven = new HashMap<>(manufacturer);
    proven.putIfAbsent("unproven", List.of());
    return proven;
  }

  private static Map<String, Object> withoutListsAndTypes(Map<String, Object> manufacturer) {
    Map<String, Object> without = new HashMap<>(manufacturer);
    without.putIfAbsent("revocationLists", List.of());
    without.putIfAbsent("hardwareTypes", List.of());
    return without;
  }

  private static Map<String, Object> withoutRespondersAndSigners(Map<String, Object> manufacturer) {
    Map<String, Object> without = new HashMap<>(manufacturer);
    without.putIfAbsent("ocspResponders", List.of());
    without.putIfAbsent("shipmentSigners", List.of());
    return without;
  }

  private static Map<String, Object> forAllCountries(Map<String, Object> plan) {
    Map<String, Object> everywhere = new HashMap<>(plan);
    everywhere.putIfAbsent("countries", List.of());
    return everywhere;
  }

  private static Map<String, Object> trustingTheCa(Map<String, Object> plan) {
    Map<String, Object> account = new HashMap<>();
    if (plan.get("account") instanceof Map<?, ?> before) {
      before.forEach((name, value) -> account.put(String.valueOf(name), value));
    }
    account.putIfAbsent("certificateUsage", CertificateUsage.TRUST_ANCHOR_ASSERTION.name());
    Map<String, Object> trusting = new HashMap<>(plan);
    trusting.put("account", account);
    return trusting;
  }

  private Kinds() {}
}
