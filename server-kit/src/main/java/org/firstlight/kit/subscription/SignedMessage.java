package org.firstlight.kit.subscription;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.TrustPath;
import org.firstlight.kit.pki.UnreadableCertificateException;

/**
 * CMS SignedData (RFC 5652 §5) of the one shape used here: one signer, ECDSA with SHA-256, signed
 * attributes, its chain inside. Parsed, and not believed before {@link #signatureVerifies} and
 * {@link #trust} have said yes.
 */
final class SignedMessage {
  private static final int MAX_INTERMEDIATES = 2;

  private final byte[] content;
  private final SignerInformation signer;
  private final List<X509Certificate> chain;

  private SignedMessage(byte[] content, SignerInformation signer, List<X509Certificate> chain) {
    this.content = content;
    this.signer = signer;
    this.chain = chain;
  }

  /**
   * @param what the message's name in sentences, such as {@code package}
   * @param contentType that its content must have
   */
  static SignedMessage read(byte[] der, String what, ASN1ObjectIdentifier contentType)
      throws MalformedPackageException {
    DerScan.check(der, what);
    try {
      ContentInfo info = ContentInfo.getInstance(der);
      demand(CMSObjectIdentifiers.signedData.equals(info.getContentType()), what);
      SignedData data = SignedData.getInstance(info.getContent());
      demand(data.getVersion().hasValue(3), what);
      demand(data.getEncapContentInfo().getContentType().equals(contentType), what);
      demand(data.getCRLs() == null && data.getDigestAlgorithms().size() == 1, what);
      demand(
          isSha256(AlgorithmIdentifier.getInstance(data.getDigestAlgorithms().getObjectAt(0))),
          what);
      return read(new CMSSignedData(info), what);
    } catch (CMSException | RuntimeException e) {
      throw notOurs(what);
    }
  }

  private static SignedMessage read(CMSSignedData data, String what)
      throws MalformedPackageException {
    List<SignerInformation> signers = List.copyOf(data.getSignerInfos().getSigners());
    demand(signers.size() == 1 && data.getSignedContent() != null, what);
    SignerInformation signer = signers.get(0);
    demand(signer.getVersion() == 1, what);
    demand(signer.getSignedAttributes() != null && signer.getUnsignedAttributes() == null, what);
    demand(isSha256(signer.getDigestAlgorithmID()), what);
    AlgorithmIdentifier signature = signer.toASN1Structure().getDigestEncryptionAlgorithm();
    demand(
        X9ObjectIdentifiers.ecdsa_with_SHA256.equals(signature.getAlgorithm())
            && signature.getParameters() == null,
        what);
    return new SignedMessage(
        (byte[]) data.getSignedContent().getContent(), signer, chain(data, signer, what));
  }

  /** The signer's certificate first, then the others, each the issuer of the one before. */
  private static List<X509Certificate> chain(
      CMSSignedData data, SignerInformation signer, String what) throws MalformedPackageException {
    List<X509CertificateHolder> rest = new ArrayList<>(data.getCertificates().getMatches(null));
    demand(rest.size() <= 1 + MAX_INTERMEDIATES + 1, what);
    X500Name issuer =
        IssuerAndSerialNumber.getInstance(signer.toASN1Structure().getSID().getId()).getName();
    List<X509CertificateHolder> chain = new ArrayList<>();
    for (X509CertificateHolder holder : rest) {
      // its name is not under the signature, and matching alone would overlook upper and lower case
      if (signer.getSID().match(holder) && encoded(issuer).equals(encoded(holder.getIssuer()))) {
        chain.add(holder);
      }
    }
    if (chain.size() != 1) {
      throw new MalformedPackageException(
          "the %s does not hold its signer's certificate".formatted(what));
    }
    rest.removeAll(chain);
    while (!rest.isEmpty()) {
      X509CertificateHolder last = chain.get(chain.size() - 1);
      X509CertificateHolder above =
          rest.stream()
              .filter(holder -> holder.getSubject().equals(last.getIssuer()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new MalformedPackageException(
                          "the %s holds a certificate that is not of its chain".formatted(what)));
      chain.add(above);
      rest.remove(above);
    }
    List<X509Certificate> certificates = new ArrayList<>();
    for (X509CertificateHolder holder : chain) {
      certificates.add(certificate(holder, what));
    }
    return certificates;
  }

  private static X509Certificate certificate(X509CertificateHolder holder, String what)
      throws MalformedPackageException {
    // a signature is whole bytes; some verifiers do not look
    demand(holder.toASN1Structure().getSignature().getPadBits() == 0, what);
    try {
      return Certificates.parseOne(holder.getEncoded());
    } catch (UnreadableCertificateException | IOException e) {
      throw new MalformedPackageException("a certificate in the %s does not read".formatted(what));
    }
  }

  byte[] content() {
    return content;
  }

  SignerInformation signer() {
    return signer;
  }

  X509Certificate certificate() {
    return chain.get(0);
  }

  /** Whether the signer's key has signed exactly this content and these attributes. */
  boolean signatureVerifies() {
    try {
      return signer.verify(
          new JcaSimpleSignerInfoVerifierBuilder().build(certificate().getPublicKey()));
    } catch (CMSException | OperatorCreationException | RuntimeException e) {
      return false;
    }
  }

  /** Whether the signer chains to a root, and its certificate is for signatures. */
  TrustPath trust(List<X509Certificate> roots, Instant at) {
    boolean[] usage = certificate().getKeyUsage();
    if (usage == null || !usage[0]) {
      return new TrustPath.Untrusted(
          TrustPath.Cause.BAD_CERTIFICATE, "its certificate is not for signatures");
    }
    return TrustPath.check(chain, roots, at, MAX_INTERMEDIATES);
  }

  private static String encoded(X500Name name) {
    try {
      return HexFormat.of().formatHex(name.getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
  }

  private static boolean isSha256(AlgorithmIdentifier algorithm) {
    return NISTObjectIdentifiers.id_sha256.equals(algorithm.getAlgorithm())
        && (algorithm.getParameters() == null
            || DERNull.INSTANCE.equals(algorithm.getParameters()));
  }

  private static void demand(boolean holds, String what) throws MalformedPackageException {
    if (!holds) {
      throw notOurs(what);
    }
  }

  private static MalformedPackageException notOurs(String what) {
    return new MalformedPackageException(
        "the %s is not signed CMS of the form used here".formatted(what));
  }
}
