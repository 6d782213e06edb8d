package org.firstlight.bootstrap.trust;

import static org.firstlight.bootstrap.trust.Verdict.no;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.Certificates;
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
    for (int i = 0; i + 1 < path.size(); i++) {
      if (!signed(path.get(i), path.get(i + 1))) {
        return false;
      }
    }
    return path.isEmpty() || signed(path.get(path.size() - 1), anchor);
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

  static String issuerOf(List<X509Certificate> chain) {
    return chain.get(chain.size() - 1).getIssuerX500Principal().getName();
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
        .or(() -> usage(leaf))
        .or(() -> pkix(path, anchor, now));
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
    if (between > Math.min(manufacturer.maxPathLength(), anchor.getBasicConstraints())) {
      return Optional.of(
          no(
              Cause.UNKNOWN_CA,
              "%d certificates stand between it and its manufacturer's CA".formatted(between)));
    }
    return Optional.empty();
  }

  private static Optional<Distrusted> usage(X509Certificate leaf) {
    boolean[] use = leaf.getKeyUsage();
    if (use != null && !use[DIGITAL_SIGNATURE]) {
      return Optional.of(
          no(Cause.BAD_CERTIFICATE, "its certificate's key usage lacks digitalSignature"));
    }
    try {
      List<String> extended = leaf.getExtendedKeyUsage();
      if (extended != null && !extended.contains(CLIENT_AUTH) && !extended.contains(ANY_USAGE)) {
        return Optional.of(
            no(Cause.BAD_CERTIFICATE, "its certificate's extended key usage lacks clientAuth"));
      }
    } catch (CertificateParsingException malformed) {
      return Optional.of(
          no(Cause.BAD_CERTIFICATE, "its certificate's extended key usage is malformed"));
    }
    return leaf.getBasicConstraints() >= 0
        ? Optional.of(no(Cause.BAD_CERTIFICATE, "its certificate is a CA's"))
        : Optional.empty();
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
      return Optional.of(
          no(Cause.BAD_CERTIFICATE, "its chain does not validate: " + invalid.getMessage()));
    } catch (GeneralSecurityException unusable) {
      return Optional.of(
          no(Cause.BAD_CERTIFICATE, "its chain cannot be validated: " + unusable.getMessage()));
    }
  }

  private Chains() {}
}
