package org.firstlight.kit.pki;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableFile;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/**
 * A detached CMS signature (RFC 5652 §5.2) of one signer over a file, as {@code openssl cms -sign
 * -binary -outform DER} makes it. Who signed is decided by pinned certificates alone: those inside
 * the message are never looked at.
 */
public final class DetachedSignature {
  /** The largest that is looked at. */
  public static final int MAX_DER_BYTES = 16 * 1024;

  private static final Set<String> DIGESTS =
      Set.of(
          NISTObjectIdentifiers.id_sha256.getId(),
          NISTObjectIdentifiers.id_sha384.getId(),
          NISTObjectIdentifiers.id_sha512.getId());

  /** Of these, {@code rsaEncryption} takes its digest from the message. */
  private static final Set<String> SIGNATURES =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256.getId(),
          X9ObjectIdentifiers.ecdsa_with_SHA384.getId(),
          X9ObjectIdentifiers.ecdsa_with_SHA512.getId(),
          PKCSObjectIdentifiers.rsaEncryption.getId(),
          PKCSObjectIdentifiers.sha256WithRSAEncryption.getId(),
          PKCSObjectIdentifiers.sha384WithRSAEncryption.getId(),
          PKCSObjectIdentifiers.sha512WithRSAEncryption.getId());

  private DetachedSignature() {}

  /**
   * What can be said before the content is there.
   *
   * @param fault why it cannot be taken, in words for who made it; empty if it can
   * @param signer whom it names; present without a fault
   */
  public record Claim(Optional<String> fault, Optional<X509Certificate> signer) {
    private static Claim no(String why) {
      return new Claim(Optional.of(why), Optional.empty());
    }
  }

  /** Whom the signature names, and whether such a one counts. */
  public static Claim read(byte[] der, List<X509Certificate> pinned, Instant now) {
    if (der.length > MAX_DER_BYTES) {
      return Claim.no("has more than %d bytes".formatted(MAX_DER_BYTES));
    }
    try {
      CMSSignedData data = new CMSSignedData(der);
      if (data.getSignedContent() != null) {
        return Claim.no("holds content: make it detached, without -nodetach");
      }
      List<SignerInformation> signers = List.copyOf(data.getSignerInfos().getSigners());
      if (signers.size() != 1) {
        return Claim.no("has %d signers, one is wanted".formatted(signers.size()));
      }
      SignerInformation signer = signers.get(0);
      if (!DIGESTS.contains(signer.getDigestAlgOID())
          || !SIGNATURES.contains(signer.getEncryptionAlgOID())) {
        return Claim.no("is not made with SHA-256, SHA-384 or SHA-512 by an EC or RSA key");
      }
      return named(signer, pinned, now);
    } catch (CMSException | RuntimeException | StackOverflowError notCms) {
      return Claim.no("is not a CMS SignedData in DER");
    }
  }

  private static Claim named(SignerInformation signer, List<X509Certificate> pinned, Instant now) {
    Optional<X509Certificate> found =
        pinned.stream().filter(one -> signer.getSID().match(holder(one))).findFirst();
    if (found.isEmpty()) {
      return Claim.no("is by none of the certificates that sign this manufacturer's lists");
    }
    if (now.isAfter(found.get().getNotAfter().toInstant())) {
      return Claim.no(
          "is by a certificate that expired at " + found.get().getNotAfter().toInstant());
    }
    return now.isBefore(found.get().getNotBefore().toInstant())
        ? Claim.no(
            "is by a certificate that is not valid before "
                + found.get().getNotBefore().toInstant())
        : new Claim(Optional.empty(), found);
  }

  /**
   * Checks it whole, over a file that is read once and never held in memory.
   *
   * @return why it is not good; empty if it is
   */
  public static Optional<String> fault(
      byte[] der, Path content, List<X509Certificate> pinned, Instant now) {
    Claim claim = read(der, pinned, now);
    if (claim.fault().isPresent()) {
      return claim.fault();
    }
    try {
      SignerInformation signer =
          new CMSSignedData(new CMSProcessableFile(content.toFile()), der)
              .getSignerInfos()
              .getSigners()
              .iterator()
              .next();
      boolean good =
          signer.verify(
              new JcaSimpleSignerInfoVerifierBuilder()
                  .build(claim.signer().orElseThrow().getPublicKey()));
      return good ? Optional.empty() : Optional.of("is not over this list by this signer");
    } catch (CMSException | OperatorCreationException | RuntimeException bad) {
      return Optional.of("is not over this list by this signer");
    }
  }

  private static JcaX509CertificateHolder holder(X509Certificate certificate) {
    try {
      return new JcaX509CertificateHolder(certificate);
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate has an encoding", e);
    }
  }
}
