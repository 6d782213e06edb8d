package org.firstlight.bootstrap.trust;

import static org.firstlight.bootstrap.trust.Verdict.no;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.Strength;
import org.firstlight.kit.pki.UnreadableCertificateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What holds for a certificate chain and one anchor (RFC 5280 §6). */
final class Chains {
  private static final Logger LOG = LoggerFactory.getLogger(Chains.class);
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final String MISNAMED = "its name lies outside those that a CA above it may give";

  /** The certificates of a manufacturer's anchor; none, and a warning, if they cannot be read. */
  static List<X509Certificate> parse(String pem, String manufacturer) {
    try {
      return Certificates.parsePem(pem);
    } catch (UnreadableCertificateException unreadable) {
      LOG.warn(
          "an anchor of manufacturer '{}' gives no trust: {}",
          manufacturer,
          unreadable.getMessage());
      return List.of();
    }
  }

  /** Whether the signatures lead from the chain's first certificate to the anchor, or it is it. */
  static boolean leadsTo(List<X509Certificate> chain, X509Certificate anchor) {
    List<X509Certificate> path = below(chain, anchor);
    // the anchor first: most anchors are others', and their names tell without a signature
    return path.isEmpty() || (signed(path.get(path.size() - 1), anchor) && isWhole(path));
  }

  /** Whether each certificate signed the one before it (RFC 5246 §7.4.2). */
  static boolean isWhole(List<X509Certificate> path) {
    for (int i = 0; i + 1 < path.size(); i++) {
      if (!signed(path.get(i), path.get(i + 1))) {
        return false;
      }
    }
    return true;
  }

  /** The chain without the anchor and what comes after it, if the device sent those too. */
  static List<X509Certificate> below(List<X509Certificate> chain, X509Certificate anchor) {
    int at = chain.indexOf(anchor);
    return at < 0 ? chain : chain.subList(0, at);
  }

  private static boolean signed(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException notByThisKey) {
      return false;
    }
  }

  /** Why a chain whose signatures lead to this anchor is not good enough; empty if it is. */
  static Optional<Distrusted> fault(
      List<X509Certificate> chain, X509Certificate anchor, Manufacturer manufacturer, Instant now) {
    X509Certificate leaf = chain.get(0);
    List<X509Certificate> path = below(chain, anchor);
    List<X509Certificate> all = new ArrayList<>(path);
    all.add(anchor);
    return dates(all, now)
        .or(() -> denied(all, manufacturer))
        .or(() -> depth(path, anchor, manufacturer))
        .or(() -> strength(path, anchor))
        .or(() -> usage(leaf))
        .or(() -> pkix(path, anchor, now))
        .or(() -> names(path, anchor));
  }

  private static Optional<Distrusted> dates(List<X509Certificate> all, Instant now) {
    for (X509Certificate certificate : all) {
      String whose = certificate == all.get(0) ? "its certificate" : "a CA above its certificate";
      if (now.isAfter(certificate.getNotAfter().toInstant())) {
        return Optional.of(
            no(
                Cause.NOT_CURRENT,
                "%s expired at %s".formatted(whose, certificate.getNotAfter().toInstant())));
      }
      if (now.isBefore(certificate.getNotBefore().toInstant())) {
        return Optional.of(
            no(
                Cause.NOT_CURRENT,
                "%s is not valid before %s"
                    .formatted(whose, certificate.getNotBefore().toInstant())));
      }
    }
    return Optional.empty();
  }

  private static Optional<Distrusted> denied(List<X509Certificate> all, Manufacturer manufacturer) {
    return all.stream()
        .filter(
            certificate -> manufacturer.deniedKeys().contains(Certificates.keySha256(certificate)))
        .findFirst()
        .map(
            certificate ->
                no(
                    Cause.REVOKED,
                    certificate == all.get(0)
                        ? "its key is denied by its manufacturer"
                        : "the key of a CA above it is denied by its manufacturer"));
  }

  private static Optional<Distrusted> depth(
      List<X509Certificate> path, X509Certificate anchor, Manufacturer manufacturer) {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    int between = path.size() - 1;
    boolean[] use = anchor.getKeyUsage();
    if (anchor.getBasicConstraints() < 0 || (use != null && !use[KEY_CERT_SIGN])) {
      return Optional.of(no(Cause.UNKNOWN_CA, "its issuer is not a CA"));
    }
    int most = Math.min(manufacturer.maxPathLength(), anchor.getBasicConstraints());
    if (between > most) {
      return Optional.of(
          no(
              Cause.UNKNOWN_CA,
              "%d %s between it and its manufacturer's CA, %d may"
                  .formatted(
                      between, between == 1 ? "certificate stands" : "certificates stand", most)));
    }
    return Optional.empty();
  }

  /** The anchor's own signature is nothing that anybody goes by. */
  private static Optional<Distrusted> strength(List<X509Certificate> path, X509Certificate anchor) {
    for (int i = 0; i < path.size(); i++) {
      X509Certificate certificate = path.get(i);
      X509Certificate issuer = i + 1 < path.size() ? path.get(i + 1) : anchor;
      if (Strength.isForgeable(certificate.getSigAlgName())) {
        return Optional.of(
            no(
                Cause.BAD_CERTIFICATE,
                "the signature of %s is of a kind that can be forged: %s"
                    .formatted(
                        i == 0 ? "its certificate" : "a CA above its certificate",
                        certificate.getSigAlgName())));
      }
      if (Strength.isWeak(issuer.getPublicKey())) {
        return Optional.of(
            no(Cause.BAD_CERTIFICATE, "the key of a CA above it is too weak: " + Strength.WANTED));
      }
    }
    return Optional.empty();
  }

  private static Optional<Distrusted> usage(X509Certificate leaf) {
    // where an extension is there that cannot be read, the JDK answers as if there were none
    boolean[] use = leaf.getKeyUsage();
    if (use == null && has(leaf, Extension.keyUsage)) {
      return bad("its certificate's key usage is malformed");
    }
    if (use != null && !use[DIGITAL_SIGNATURE]) {
      return bad("its certificate's key usage lacks digitalSignature");
    }
    Optional<List<String>> extended = extendedUsage(leaf);
    if (extended.isEmpty() && has(leaf, Extension.extendedKeyUsage)) {
      return bad("its certificate's extended key usage is malformed");
    }
    if (extended
        .filter(all -> !all.contains(CLIENT_AUTH) && !all.contains(ANY_USAGE))
        .isPresent()) {
      return bad("its certificate's extended key usage lacks clientAuth");
    }
    if (!(leaf.getPublicKey() instanceof ECPublicKey)) {
      return bad("its key is no EC key, and no cipher suite here is for another");
    }
    if (Strength.isWeak(leaf.getPublicKey())) {
      return bad("its key is too weak: EC from 256 bits on");
    }
    return leaf.getBasicConstraints() >= 0 ? bad("its certificate is a CA's") : Optional.empty();
  }

  private static Optional<List<String>> extendedUsage(X509Certificate leaf) {
    try {
      return Optional.ofNullable(leaf.getExtendedKeyUsage());
    } catch (CertificateParsingException malformed) {
      return Optional.empty();
    }
  }

  private static boolean has(X509Certificate certificate, ASN1ObjectIdentifier extension) {
    return certificate.getExtensionValue(extension.getId()) != null;
  }

  private static Optional<Distrusted> names(List<X509Certificate> path, X509Certificate anchor) {
    return NameLimits.allow(anchor, path) ? Optional.empty() : bad(MISNAMED);
  }

  private static Optional<Distrusted> bad(String reason) {
    return Optional.of(no(Cause.BAD_CERTIFICATE, reason));
  }

  private static Optional<Distrusted> pkix(
      List<X509Certificate> path, X509Certificate anchor, Instant now) {
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
      // revocation is judged beside this, by lists that are here: no fetch may hold up a handshake
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return Optional.empty();
    } catch (CertPathValidatorException invalid) {
      return bad(inWords(invalid));
    } catch (GeneralSecurityException unusable) {
      return bad("its chain cannot be validated: " + unusable.getMessage());
    }
  }

  private static String inWords(CertPathValidatorException invalid) {
    if (!(invalid.getReason() instanceof PKIXReason reason)) {
      return "its chain does not validate: " + invalid.getMessage();
    }
    return switch (reason) {
      case NOT_CA_CERT, INVALID_KEY_USAGE ->
          "a certificate of its chain was issued by one that is no CA";
      case PATH_TOO_LONG -> "a CA above its certificate allows fewer certificates below it";
      case UNRECOGNIZED_CRIT_EXT ->
          "a certificate of its chain has a critical extension that is not known here";
      case INVALID_NAME -> MISNAMED;
      default -> "its chain does not validate: " + invalid.getMessage();
    };
  }

  private Chains() {}
}
