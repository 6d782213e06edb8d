package org.firstlight.kit.subscription;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.TrustPath;

/**
 * Decides whether a sealed package may be kept and sent on, without being able to open it: form,
 * signature, operator, EID, dates and counter. The eUICC checks all of it again.
 */
public final class PackageCheck {
  private final List<X509Certificate> roots;
  private final Clock clock;

  /**
   * @param roots an operator's certificate must chain to one of them; with none, nothing is
   *     accepted
   */
  public PackageCheck(List<X509Certificate> roots, Clock clock) {
    this.roots = List.copyOf(roots);
    this.clock = clock;
  }

  /**
   * What the package has to be.
   *
   * @param packageId as its list says; empty if nothing is said
   * @param operatorId of the one who brings it; empty if any operator may
   * @param lastCounter the newest counter of this operator and EID so far, -1 for none
   */
  public record Expected(
      Eid eid, Optional<String> packageId, Optional<String> operatorId, long lastCounter) {}

  /** What became of it. */
  public sealed interface Verdict permits Accepted, Refused {}

  public record Accepted(SealedPackage sealed) implements Verdict {}

  /**
   * @param reason a sentence for the operator's people; holds nothing of the content
   */
  public record Refused(Cause cause, String reason) implements Verdict {}

  /** Why not. */
  public enum Cause {
    TOO_LARGE,
    MALFORMED,
    BAD_SIGNATURE,
    UNTRUSTED_OPERATOR,
    OTHER_OPERATOR,
    OTHER_PACKAGE,
    WRONG_EID,
    NOT_YET_VALID,
    EXPIRED,
    REPLAYED
  }

  /** Checks form, signature, operator, EID, dates and counter, and stops at the first fault. */
  public Verdict check(byte[] sealed, Expected expected) {
    if (sealed.length > SubscriptionFormat.MAX_PACKAGE_BYTES) {
      return new Refused(
          Cause.TOO_LARGE,
          "the package has %d bytes, %d are allowed"
              .formatted(sealed.length, SubscriptionFormat.MAX_PACKAGE_BYTES));
    }
    try {
      SignedMessage message = SignedMessage.read(sealed, "package", SealedForm.CONTENT);
      SubscriptionHeader header = SealedForm.header(message);
      Instant now = clock.instant();
      return distrust(message, header, now)
          .or(() -> mismatch(header, expected))
          .or(() -> untimely(header, expected, now))
          .<Verdict>map(refused -> refused)
          .orElseGet(() -> accepted(sealed, message, header));
    } catch (MalformedPackageException e) {
      return new Refused(Cause.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * What a package claims to be, with nothing checked but its form: enough to name it in a refusal.
   */
  public static Optional<SubscriptionHeader> claimed(byte[] sealed) {
    if (sealed.length > SubscriptionFormat.MAX_PACKAGE_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          SealedForm.header(SignedMessage.read(sealed, "package", SealedForm.CONTENT)));
    } catch (MalformedPackageException e) {
      return Optional.empty();
    }
  }

  private static Accepted accepted(
      byte[] sealed, SignedMessage message, SubscriptionHeader header) {
    return new Accepted(
        new SealedPackage(
            header, Certificates.hexSha256(sealed), message.certificate(), sealed.length));
  }

  private Optional<Refused> distrust(
      SignedMessage message, SubscriptionHeader header, Instant now) {
    if (!message.signatureVerifies()) {
      return refused(Cause.BAD_SIGNATURE, "the operator's signature does not verify");
    }
    if (message.trust(roots, now) instanceof TrustPath.Untrusted untrusted) {
      return refused(
          Cause.UNTRUSTED_OPERATOR,
          "the operator's certificate is not trusted: " + untrusted.reason());
    }
    if (!CertificateNames.organizationIdentifiers(message.certificate())
        .equals(List.of(header.operatorId()))) {
      return refused(
          Cause.UNTRUSTED_OPERATOR,
          "the operator that the header names is not the one whose certificate signed it");
    }
    return Optional.empty();
  }

  private static Optional<Refused> mismatch(SubscriptionHeader header, Expected expected) {
    if (expected.operatorId().filter(id -> !id.equals(header.operatorId())).isPresent()) {
      return refused(Cause.OTHER_OPERATOR, "the package is another operator's");
    }
    if (!header.eid().equals(expected.eid())) {
      return refused(Cause.WRONG_EID, "the package is for another eUICC");
    }
    if (expected.packageId().filter(id -> !id.equals(header.packageId())).isPresent()) {
      return refused(Cause.OTHER_PACKAGE, "the package has another id than its list says");
    }
    return Optional.empty();
  }

  private static Optional<Refused> untimely(
      SubscriptionHeader header, Expected expected, Instant now) {
    if (now.isBefore(header.notBefore())) {
      return refused(Cause.NOT_YET_VALID, "the package is valid from " + header.notBefore());
    }
    if (now.isAfter(header.notAfter())) {
      return refused(Cause.EXPIRED, "the package expired at " + header.notAfter());
    }
    if (header.counter() <= expected.lastCounter()) {
      return refused(
          Cause.REPLAYED,
          "the package's counter is %d, and %d was there already"
              .formatted(header.counter(), expected.lastCounter()));
    }
    return Optional.empty();
  }

  private static Optional<Refused> refused(Cause cause, String reason) {
    return Optional.of(new Refused(cause, reason));
  }
}
