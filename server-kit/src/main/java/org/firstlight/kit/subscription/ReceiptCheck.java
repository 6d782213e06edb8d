package org.firstlight.kit.subscription;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.device.Eid;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.TrustPath;

/** Decides whether a receipt is the word of the eUICC that a package was for. */
public final class ReceiptCheck {
  private final List<X509Certificate> roots;
  private final Clock clock;

  /**
   * @param roots an eUICC's signing certificate must chain to one of them
   */
  public ReceiptCheck(List<X509Certificate> roots, Clock clock) {
    this.roots = List.copyOf(roots);
    this.clock = clock;
  }

  /** What the receipt has to be about: the package as it was sent. */
  public record Expected(Eid eid, String packageId, String packageSha256, long counter) {}

  /** What became of it. */
  public sealed interface Verdict permits Verified, Refused {}

  /** It is genuine; its result may still be a refusal. */
  public record Verified(Receipt receipt) implements Verdict {}

  /**
   * @param reason a sentence for the operator's people
   */
  public record Refused(String reason) implements Verdict {}

  /** Checks form, signature, eUICC and package, and stops at the first fault. */
  public Verdict check(byte[] signed, Expected expected) {
    if (signed.length > SubscriptionFormat.MAX_RECEIPT_BYTES) {
      return new Refused("the receipt is too large");
    }
    try {
      SignedMessage message =
          SignedMessage.read(signed, "receipt", SubscriptionFormat.RECEIPT_CONTENT);
      Receipt receipt = SubscriptionFormat.decodeReceipt(message.content());
      return distrust(message, expected)
          .or(() -> mismatch(receipt, expected))
          .<Verdict>map(Refused::new)
          .orElseGet(() -> new Verified(receipt));
    } catch (MalformedPackageException e) {
      return new Refused(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> distrust(SignedMessage message, Expected expected) {
    if (!message.signatureVerifies()) {
      return Optional.of("the eUICC's signature does not verify");
    }
    if (message.trust(roots, clock.instant()) instanceof TrustPath.Untrusted untrusted) {
      return Optional.of("the eUICC's certificate is not trusted: " + untrusted.reason());
    }
    return CertificateNames.serialNumbers(message.certificate())
            .equals(List.of(expected.eid().value()))
        ? Optional.empty()
        : Optional.of("the receipt is of another eUICC");
  }

  private static Optional<String> mismatch(Receipt receipt, Expected expected) {
    boolean same =
        receipt.packageId().equals(expected.packageId())
            && receipt.packageSha256().equals(expected.packageSha256())
            && receipt.counter() == expected.counter();
    return same ? Optional.empty() : Optional.of("the receipt is for another package");
  }
}
