package org.firstlight.simulator.euicc;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.cms.CMSException;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.subscription.PackageCheck;
import org.firstlight.kit.subscription.PackageCheck.Accepted;
import org.firstlight.kit.subscription.PackageCheck.Cause;
import org.firstlight.kit.subscription.PackageCheck.Refused;
import org.firstlight.kit.subscription.Receipt;
import org.firstlight.kit.subscription.Receipt.Result;
import org.firstlight.kit.subscription.SubscriptionHeader;
import org.firstlight.kit.subscription.SubscriptionHeader.Action;
import org.firstlight.simulator.subscription.Subscription;

/**
 * One eUICC. Believes nobody: checks every package completely, whatever the platform said of it.
 * Takes {@code install} and {@code replace}. Used by one thread.
 */
final class EuiccCard {
  private static final int MAX_PROFILES = 8;
  private static final String UNKNOWN_PACKAGE = "0".repeat(32);

  private final Eid eid;
  private final EuiccKeys keys;
  private final EuiccStore store;
  private final PackageCheck check;
  private final Clock clock;
  private EuiccState state;

  EuiccCard(Eid eid, Path folder, List<X509Certificate> subscriptionRoots, Clock clock)
      throws IOException {
    this.eid = eid;
    this.clock = clock;
    keys = new EuiccKeys(folder);
    store = new EuiccStore(folder);
    check = new PackageCheck(subscriptionRoots, clock);
    state = store.read();
  }

  EuiccAnswer status() {
    return new EuiccAnswer("status", 0, state.iccids(), state.lastReceipt());
  }

  /** The bytes of a package too big to be kept were counted and hashed only. */
  EuiccAnswer refuseTooLarge(String sha256) throws IOException {
    return refuse(Result.MEMORY, Optional.empty(), sha256);
  }

  /** Installs the package, or says with a signed receipt why not. Durable before it returns. */
  EuiccAnswer install(byte[] sealedPackage) throws IOException {
    String sha256 = Certificates.hexSha256(sealedPackage);
    PackageCheck.Verdict verdict =
        check.check(
            sealedPackage, new PackageCheck.Expected(eid, Optional.empty(), Optional.empty(), -1));
    if (verdict instanceof Refused refused) {
      return refuse(result(refused.cause()), PackageCheck.claimed(sealedPackage), sha256);
    }
    SubscriptionHeader header = ((Accepted) verdict).sealed().header();
    Optional<EuiccState.Profile> before = state.ofPackage(sha256);
    if (before.isPresent() && before.get().enabled()) {
      return again(before.get()); // a repeated bootstrap changes nothing twice
    }
    Optional<Result> objection = objection(header);
    if (objection.isPresent()) {
      return refuse(objection.get(), Optional.of(header), sha256);
    }
    try {
      return enable(Subscription.fromDer(keys.open(sealedPackage)), header, sha256);
    } catch (CMSException e) {
      return refuse(Result.UNDECRYPTABLE, Optional.of(header), sha256);
    } catch (IllegalArgumentException e) {
      return refuse(Result.MALFORMED, Optional.of(header), sha256);
    }
  }

  private Optional<Result> objection(SubscriptionHeader header) {
    if (header.action() != Action.INSTALL && header.action() != Action.REPLACE) {
      return Optional.of(Result.MALFORMED);
    }
    if (!header.recipientCertSha256().equals(keys.recipientSha256())) {
      return Optional.of(Result.UNDECRYPTABLE);
    }
    if (header.counter() <= state.counter(header.operatorId())) {
      return Optional.of(Result.REPLAYED);
    }
    boolean owned =
        state.profiles().stream().anyMatch(one -> !one.operatorId().equals(header.operatorId()));
    if (owned) {
      return Optional.of(Result.CONFLICT);
    }
    boolean replaces = header.previousPackageId().isPresent();
    if (!replaces && state.profiles().size() >= MAX_PROFILES) {
      return Optional.of(Result.MEMORY);
    }
    return Optional.empty();
  }

  private EuiccAnswer enable(Subscription subscription, SubscriptionHeader header, String sha256)
      throws IOException {
    byte[] receipt =
        keys.sign(
            receipt(
                Result.ENABLED, Optional.of(header), sha256, Optional.of(subscription.iccid())));
    EuiccState.Profile profile =
        new EuiccState.Profile(
            header.operatorId(), header.packageId(), sha256, true, subscription, receipt);
    EuiccState next = state.with(profile, header.counter(), header.previousPackageId());
    store.write(next);
    state = next;
    return new EuiccAnswer(word(Result.ENABLED), 1, state.iccids(), Optional.of(receipt));
  }

  private EuiccAnswer again(EuiccState.Profile profile) throws IOException {
    EuiccState next = state.withReceipt(profile.receipt());
    store.write(next);
    state = next;
    return new EuiccAnswer(word(Result.ENABLED), 1, state.iccids(), Optional.of(profile.receipt()));
  }

  private EuiccAnswer refuse(Result result, Optional<SubscriptionHeader> header, String sha256)
      throws IOException {
    byte[] receipt = keys.sign(receipt(result, header, sha256, Optional.empty()));
    EuiccState next = state.withReceipt(receipt);
    store.write(next);
    state = next;
    return new EuiccAnswer(
        word(result), updateResult(result), state.iccids(), Optional.of(receipt));
  }

  private Receipt receipt(
      Result result, Optional<SubscriptionHeader> header, String sha256, Optional<String> iccid) {
    return new Receipt(
        header.map(SubscriptionHeader::packageId).orElse(UNKNOWN_PACKAGE),
        result,
        header.map(SubscriptionHeader::counter).orElse(0L),
        sha256,
        clock.instant().truncatedTo(ChronoUnit.SECONDS),
        iccid);
  }

  private static Result result(Cause cause) {
    return switch (cause) {
      case TOO_LARGE -> Result.MEMORY;
      case MALFORMED, OTHER_PACKAGE -> Result.MALFORMED;
      case BAD_SIGNATURE -> Result.BAD_SIGNATURE;
      case UNTRUSTED_OPERATOR, OTHER_OPERATOR -> Result.UNTRUSTED_OPERATOR;
      case WRONG_EID -> Result.WRONG_EID;
      case NOT_YET_VALID -> Result.NOT_YET_VALID;
      case EXPIRED -> Result.EXPIRED;
      case REPLAYED -> Result.REPLAYED;
    };
  }

  /** As /505/0/7 spells it. */
  private static long updateResult(Result result) {
    return switch (result) {
      case INSTALLED, ENABLED -> 1;
      case MEMORY -> 2;
      case MALFORMED -> 6;
      default -> 5;
    };
  }

  private static String word(Result result) {
    return result.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
