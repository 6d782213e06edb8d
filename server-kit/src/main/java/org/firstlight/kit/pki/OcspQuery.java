package org.firstlight.kit.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CRLReason;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * One question to an OCSP responder (RFC 6960, in the profile of RFC 5019) and the judgement of
 * what comes back: whoever answers in the responder's place can keep the truth away, not change it.
 */
public final class OcspQuery {
  /** The largest response that is looked at. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int NONCE_BYTES = 32;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int MOST_CERTIFICATES = 4;
  private static final int MOST_STATEMENTS = 64;
  private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
  private static final String OCSP_NOCHECK = OCSPObjectIdentifiers.id_pkix_ocsp_nocheck.getId();
  private static final String NONCE = OCSPObjectIdentifiers.id_pkix_ocsp_nonce.getId();
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

  /** A responder's certificate that lives no longer needs no revocation of its own. */
  private static final Duration SHORT_LIVED = Duration.ofDays(8);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate issuer;
  private final BigInteger serial;
  private final byte[] nonce;
  private final byte[] request;

  private OcspQuery(X509Certificate issuer, BigInteger serial, byte[] nonce, byte[] request) {
    this.issuer = issuer;
    this.serial = serial;
    this.nonce = nonce;
    this.request = request;
  }

  /** A question about a certificate that this CA issued. */
  public static OcspQuery about(X509Certificate certificate, X509Certificate issuer) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      CertificateID id =
          new CertificateID(
              // RFC 5019 §2.1.1: the hash names the issuer, it protects nothing
              digests().get(CertificateID.HASH_SHA1),
              new JcaX509CertificateHolder(issuer),
              certificate.getSerialNumber());
      byte[] request =
          new OCSPReqBuilder()
              .addRequest(id)
              .setRequestExtensions(
                  new Extensions(
                      new Extension(
                          new ASN1ObjectIdentifier(NONCE),
                          false,
                          new DEROctetString(nonce).getEncoded())))
              .build()
              .getEncoded();
      return new OcspQuery(issuer, certificate.getSerialNumber(), nonce, request);
    } catch (OCSPException
        | IOException
        | GeneralSecurityException
        | OperatorCreationException impossible) {
      throw new IllegalStateException("a parsed certificate can be asked about", impossible);
    }
  }

  /** The request, DER: a copy. */
  public byte[] request() {
    return request.clone();
  }

  /**
   * What the response says of the certificate.
   *
   * @param oldest how old a statement may be that names no end of its own
   * @param denied hex SHA-256 of keys that may sign nothing
   * @throws UnusableOcspResponseException with a sentence, if it says nothing that can be believed
   */
  public OcspStatement read(byte[] response, Instant now, Duration oldest, Set<String> denied)
      throws UnusableOcspResponseException {
    try {
      BasicOCSPResp basic = basic(response);
      checkSignature(basic, now, denied);
      checkExtensions(basic);
      return statement(basic, now, oldest);
    } catch (IOException
        | OCSPException
        | GeneralSecurityException
        | OperatorCreationException
        | RuntimeException malformed) {
      throw unusable("its answer is not an OCSP response");
    }
  }

  private static BasicOCSPResp basic(byte[] der)
      throws UnusableOcspResponseException, IOException, OCSPException {
    if (der.length > MAX_BYTES) {
      throw unusable("its answer is larger than %d bytes".formatted(MAX_BYTES));
    }
    OCSPResp response;
    try (ASN1InputStream in = new ASN1InputStream(der)) {
      response = new OCSPResp(OCSPResponse.getInstance(in.readObject()));
      if (in.read() >= 0) {
        throw unusable("there are bytes after its answer");
      }
    }
    switch (response.getStatus()) {
      case OCSPResp.SUCCESSFUL -> {}
      case OCSPResp.TRY_LATER -> throw unusable("it says that it cannot tell now (tryLater)");
      case OCSPResp.MALFORMED_REQUEST -> throw unusable("it does not take the question");
      case OCSPResp.INTERNAL_ERROR -> throw unusable("it says that it has an internal error");
      case OCSPResp.SIG_REQUIRED -> throw unusable("it wants signed questions");
      case OCSPResp.UNAUTHORIZED -> throw unusable("it says that it may not tell (unauthorized)");
      default -> throw unusable("it answered with status " + response.getStatus());
    }
    if (response.getResponseObject() instanceof BasicOCSPResp basic) {
      return basic;
    }
    throw unusable("its answer is of no basic type");
  }

  private void checkSignature(BasicOCSPResp basic, Instant now, Set<String> denied)
      throws UnusableOcspResponseException,
          OCSPException,
          GeneralSecurityException,
          OperatorCreationException {
    String algorithm =
        new DefaultSignatureNameFinder().getAlgorithmName(basic.getSignatureAlgorithmID());
    if (Strength.isForgeable(algorithm)) {
      throw unusable("its signature is of a kind that can be forged: " + algorithm);
    }
    if (isSigned(basic, issuer)) {
      return;
    }
    X509CertificateHolder[] sent = basic.getCerts();
    if (sent.length > MOST_CERTIFICATES) {
      throw unusable("it sent %d certificates".formatted(sent.length));
    }
    for (X509CertificateHolder holder : sent) {
      X509Certificate signer = new JcaX509CertificateConverter().getCertificate(holder);
      if (isSigned(basic, signer)) {
        Optional<String> fault = delegationFault(signer, now, denied);
        if (fault.isPresent()) {
          throw unusable(fault.get());
        }
        return;
      }
    }
    throw unusable("its answer is not signed by the CA, nor by a responder of the CA");
  }

  /** Why this certificate may not sign for the CA (RFC 6960 §4.2.2.2); empty if it may. */
  private Optional<String> delegationFault(
      X509Certificate signer, Instant now, Set<String> denied) {
    if (!signer.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
        || !isIssued(signer)) {
      return Optional.of("its answer is not signed by the CA, nor by a responder of the CA");
    }
    if (Strength.isForgeable(signer.getSigAlgName())) {
      return Optional.of("the signature of its certificate is of a kind that can be forged");
    }
    if (now.isBefore(signer.getNotBefore().toInstant())
        || now.isAfter(signer.getNotAfter().toInstant())) {
      return Optional.of("its certificate is not valid now");
    }
    if (denied.contains(Certificates.keySha256(signer))) {
      return Optional.of("its key is denied by the manufacturer");
    }
    boolean[] use = signer.getKeyUsage();
    if (use != null && !use[DIGITAL_SIGNATURE]) {
      return Optional.of("its certificate's key usage lacks digitalSignature");
    }
    try {
      List<String> extended = signer.getExtendedKeyUsage();
      if (extended == null || !extended.contains(OCSP_SIGNING)) {
        return Optional.of("its certificate's extended key usage lacks OCSPSigning");
      }
    } catch (CertificateParsingException malformed) {
      return Optional.of("its certificate's extended key usage is malformed");
    }
    Duration life =
        Duration.between(signer.getNotBefore().toInstant(), signer.getNotAfter().toInstant());
    return signer.getExtensionValue(OCSP_NOCHECK) != null || life.compareTo(SHORT_LIVED) <= 0
        ? Optional.empty()
        : Optional.of("its certificate lives long, and may be revoked itself (no ocsp-nocheck)");
  }

  private boolean isIssued(X509Certificate signer) {
    try {
      signer.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException notByThisKey) {
      return false;
    }
  }

  private static boolean isSigned(BasicOCSPResp basic, X509Certificate signer) {
    try {
      return basic.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(signer.getPublicKey()));
    } catch (OCSPException | OperatorCreationException | RuntimeException notByThisKey) {
      return false;
    }
  }

  private void checkExtensions(BasicOCSPResp basic) throws UnusableOcspResponseException {
    for (Object oid : basic.getCriticalExtensionOIDs()) {
      if (!oid.toString().equals(NONCE)) {
        throw unusable("its answer has the critical extension " + oid);
      }
    }
    // responders that sign ahead of time send none (RFC 5019 §4): then the times alone protect
    Extension echoed = basic.getExtension(new ASN1ObjectIdentifier(NONCE));
    if (echoed != null
        && !MessageDigest.isEqual(
            nonce, ASN1OctetString.getInstance(echoed.getParsedValue()).getOctets())) {
      throw unusable("its answer is to another question (nonce)");
    }
  }

  private OcspStatement statement(BasicOCSPResp basic, Instant now, Duration oldest)
      throws UnusableOcspResponseException,
          OCSPException,
          GeneralSecurityException,
          OperatorCreationException {
    SingleResp[] all = basic.getResponses();
    if (all.length > MOST_STATEMENTS) {
      throw unusable("its answer is about %d certificates".formatted(all.length));
    }
    X509CertificateHolder authority = new JcaX509CertificateHolder(issuer);
    List<SingleResp> ours = new ArrayList<>();
    for (SingleResp one : all) {
      if (one.getCertID().getSerialNumber().equals(serial)
          && one.getCertID().matchesIssuer(authority, digests())) {
        ours.add(one);
      }
    }
    if (ours.size() != 1) {
      throw unusable(
          ours.isEmpty()
              ? "its answer is about another certificate"
              : "its answer says several things about the certificate");
    }
    SingleResp one = ours.get(0);
    if (!one.getCriticalExtensionOIDs().isEmpty()) {
      throw unusable("its answer has a critical extension that is not known here");
    }
    Instant thisUpdate = one.getThisUpdate().toInstant();
    Optional<Instant> nextUpdate = Optional.ofNullable(one.getNextUpdate()).map(Date::toInstant);
    checkTimes(thisUpdate, nextUpdate, now, oldest);
    if (one.getCertStatus() == null) {
      return new OcspStatement.Good(thisUpdate, nextUpdate);
    }
    if (one.getCertStatus() instanceof RevokedStatus revoked) {
      return new OcspStatement.Revoked(
          revoked.getRevocationTime().toInstant(), reason(revoked), nextUpdate);
    }
    if (one.getCertStatus() instanceof UnknownStatus) {
      return new OcspStatement.Unknown(nextUpdate);
    }
    throw unusable("its answer has a status that is not known here");
  }

  private static void checkTimes(
      Instant thisUpdate, Optional<Instant> nextUpdate, Instant now, Duration oldest)
      throws UnusableOcspResponseException {
    if (thisUpdate.isAfter(now.plus(CLOCKS_DIFFER))) {
      throw unusable("its answer is from the future, " + thisUpdate);
    }
    if (nextUpdate.isPresent() && nextUpdate.get().isBefore(thisUpdate)) {
      throw unusable("its answer ends before it begins");
    }
    if (nextUpdate.isPresent() && !now.isBefore(nextUpdate.get())) {
      throw unusable("its answer ended at " + nextUpdate.get());
    }
    if (nextUpdate.isEmpty() && now.isAfter(thisUpdate.plus(oldest).plus(CLOCKS_DIFFER))) {
      throw unusable("its answer is stale, from " + thisUpdate);
    }
  }

  private static Optional<String> reason(RevokedStatus revoked) {
    if (!revoked.hasRevocationReason()) {
      return Optional.empty();
    }
    int code = revoked.getRevocationReason();
    CRLReason[] known = CRLReason.values();
    return code > 0 && code < known.length
        ? Optional.of(known[code].name().toLowerCase(Locale.ROOT).replace('_', ' '))
        : Optional.empty();
  }

  private static DigestCalculatorProvider digests() throws OperatorCreationException {
    return new JcaDigestCalculatorProviderBuilder().build();
  }

  private static UnusableOcspResponseException unusable(String why) {
    return new UnusableOcspResponseException(why);
  }
}
