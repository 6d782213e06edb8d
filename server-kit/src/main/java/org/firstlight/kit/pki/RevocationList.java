package org.firstlight.kit.pki;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;

/**
 * A complete certificate revocation list (RFC 5280 §5) of one CA for its own certificates. Deltas,
 * lists of other CAs' certificates and lists for some reasons only are not taken: by those alone
 * nobody can say that a certificate is good.
 */
public final class RevocationList {
  /** The largest list that is looked at: some 100,000 certificates. */
  public static final int MAX_BYTES = 4 << 20;

  private static final int CRL_SIGN = 6;
  private static final int MOST_SIGNERS = 16;

  private final X509CRL crl;
  private final byte[] der;
  private final String sha256;

  /** Whether a CA's key signed it: a signature over megabytes is not checked at each handshake. */
  private final Map<String, Boolean> signers = new ConcurrentHashMap<>();

  /**
   * That a certificate is revoked.
   *
   * @param reason as words have it, such as "key compromise"; empty if the CA gave none
   */
  public record Revoked(Instant at, Optional<String> reason) {}

  private RevocationList(X509CRL crl, byte[] der) {
    this.crl = crl;
    this.der = der;
    this.sha256 = Certificates.hexSha256(der);
  }

  /**
   * A list as DER or PEM.
   *
   * @throws UnreadableRevocationListException with a sentence that says what is wrong
   */
  public static RevocationList parse(byte[] derOrPem) throws UnreadableRevocationListException {
    if (derOrPem.length == 0) {
      throw new UnreadableRevocationListException("it is empty");
    }
    if (derOrPem.length > MAX_BYTES) {
      throw new UnreadableRevocationListException(
          "it is larger than %d bytes".formatted(MAX_BYTES));
    }
    ByteArrayInputStream in = new ByteArrayInputStream(derOrPem);
    try {
      X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
      if (derOrPem[0] == 0x30 && in.available() > 0) {
        throw new UnreadableRevocationListException("there are bytes after it");
      }
      checkExtensions(crl);
      return new RevocationList(crl, crl.getEncoded());
    } catch (CRLException | CertificateException | RuntimeException e) {
      throw new UnreadableRevocationListException("it is not a certificate revocation list");
    }
  }

  private static void checkExtensions(X509CRL crl) throws UnreadableRevocationListException {
    Set<String> critical =
        crl.getCriticalExtensionOIDs() == null ? Set.of() : crl.getCriticalExtensionOIDs();
    if (critical.contains(Extension.deltaCRLIndicator.getId())) {
      throw new UnreadableRevocationListException("it is a delta: a complete list is wanted");
    }
    Optional<IssuingDistributionPoint> scope = scope(crl);
    if (scope.isPresent()) {
      checkScope(scope.get());
    }
    if (Strength.isForgeable(crl.getSigAlgName())) {
      throw new UnreadableRevocationListException(
          "its signature is of a kind that can be forged: " + crl.getSigAlgName());
    }
    for (String oid : critical) {
      if (!oid.equals(Extension.issuingDistributionPoint.getId())) {
        throw new UnreadableRevocationListException("it has the critical extension " + oid);
      }
    }
    if (crl.getRevokedCertificates() != null) {
      for (X509CRLEntry entry : crl.getRevokedCertificates()) {
        Set<String> own = entry.getCriticalExtensionOIDs();
        if (own != null && !own.isEmpty()) {
          throw new UnreadableRevocationListException(
              "an entry has the critical extension " + own.iterator().next());
        }
      }
    }
  }

  private static Optional<IssuingDistributionPoint> scope(X509CRL crl) {
    return Optional.ofNullable(crl.getExtensionValue(Extension.issuingDistributionPoint.getId()))
        .map(value -> ASN1OctetString.getInstance(value).getOctets())
        .map(IssuingDistributionPoint::getInstance);
  }

  private static void checkScope(IssuingDistributionPoint scope)
      throws UnreadableRevocationListException {
    if (scope.isIndirectCRL() || scope.onlyContainsAttributeCerts()) {
      throw new UnreadableRevocationListException("it is not of the CA's own certificates");
    }
    if (scope.getOnlySomeReasons() != null) {
      throw new UnreadableRevocationListException("it is for some reasons only");
    }
    if (scope.getDistributionPoint() != null
        && scope.getDistributionPoint().getType() != DistributionPointName.FULL_NAME) {
      throw new UnreadableRevocationListException("its distribution point has no full name");
    }
    if (scope.getDistributionPoint() != null) {
      // refused here if it is malformed
      GeneralNames.getInstance(scope.getDistributionPoint().getName());
    }
    if (scope.onlyContainsCACerts()) {
      throw new UnreadableRevocationListException("it is of CAs only, not of devices");
    }
  }

  public X500Principal issuer() {
    return crl.getIssuerX500Principal();
  }

  public Instant thisUpdate() {
    return crl.getThisUpdate().toInstant();
  }

  public Optional<Instant> nextUpdate() {
    return Optional.ofNullable(crl.getNextUpdate()).map(Date::toInstant);
  }

  /** How many certificates are revoked. */
  public int size() {
    return crl.getRevokedCertificates() == null ? 0 : crl.getRevokedCertificates().size();
  }

  /** A copy. */
  public byte[] der() {
    return der.clone();
  }

  /** Hex, of its DER. */
  public String sha256() {
    return sha256;
  }

  /** Whether this CA made it: its name, its key, and it may sign lists (RFC 5280 §6.3.3). */
  public boolean isOf(X509Certificate authority) {
    if (!authority.getSubjectX500Principal().equals(issuer())) {
      return false;
    }
    boolean[] use = authority.getKeyUsage();
    if (use != null && !use[CRL_SIGN]) {
      return false;
    }
    String key = Certificates.keySha256(authority);
    Boolean known = signers.get(key);
    if (known != null) {
      return known;
    }
    boolean signed = isSignedBy(authority);
    if (signers.size() < MOST_SIGNERS) {
      signers.put(key, signed);
    }
    return signed;
  }

  private boolean isSignedBy(X509Certificate authority) {
    try {
      crl.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException notByThisKey) {
      return false;
    }
  }

  /**
   * Whether it would name this certificate of its CA: a CA may have a list for each of its
   * distribution points, or one for devices alone (RFC 5280 §6.3.3 b).
   */
  public boolean covers(X509Certificate certificate) {
    Optional<IssuingDistributionPoint> scope = scope(crl);
    if (scope.isEmpty()) {
      return true;
    }
    if (scope.get().onlyContainsUserCerts() && certificate.getBasicConstraints() >= 0) {
      return false;
    }
    DistributionPointName point = scope.get().getDistributionPoint();
    if (point == null) {
      return true;
    }
    Set<GeneralName> names =
        new HashSet<>(Arrays.asList(GeneralNames.getInstance(point.getName()).getNames()));
    return points(certificate).stream().anyMatch(names::contains);
  }

  /** Where the certificate itself says that lists for it are. */
  private static List<GeneralName> points(X509Certificate certificate) {
    byte[] value = certificate.getExtensionValue(Extension.cRLDistributionPoints.getId());
    if (value == null) {
      return List.of();
    }
    try {
      CRLDistPoint points =
          CRLDistPoint.getInstance(ASN1OctetString.getInstance(value).getOctets());
      return Arrays.stream(points.getDistributionPoints())
          .map(DistributionPoint::getDistributionPoint)
          .filter(name -> name != null && name.getType() == DistributionPointName.FULL_NAME)
          .flatMap(name -> Arrays.stream(GeneralNames.getInstance(name.getName()).getNames()))
          .toList();
    } catch (RuntimeException malformed) {
      return List.of();
    }
  }

  /** Whether it names a certificate of its CA; one on hold counts as revoked until it is not. */
  public Optional<Revoked> find(X509Certificate certificate) {
    return Optional.ofNullable(crl.getRevokedCertificate(certificate.getSerialNumber()))
        .map(
            entry ->
                new Revoked(
                    entry.getRevocationDate().toInstant(),
                    Optional.ofNullable(entry.getRevocationReason())
                        .filter(reason -> reason != CRLReason.UNSPECIFIED)
                        .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                        .map(reason -> reason.replace('_', ' '))));
  }
}
