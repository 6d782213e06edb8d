package org.firstlight.kit.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a chain ends at an anchor (RFC 5280 §6). An issuing CA may be an anchor, so that a device
 * that sends only its leaf is known; revocation is its caller's part.
 */
public sealed interface TrustPath {
  /**
   * @param anchor the one of the given anchors that the chain ends at
   */
  record Trusted(X509Certificate anchor) implements TrustPath {}

  /**
   * @param reason a sentence for the log and the console
   */
  record Untrusted(Cause cause, String reason) implements TrustPath {}

  /** Why a chain is not believed. */
  enum Cause {
    UNKNOWN_CA,
    EXPIRED,
    NOT_YET_VALID,
    PATH_TOO_LONG,
    BAD_CERTIFICATE
  }

  /**
   * Checks the chain.
   *
   * @param chain leaf first; certificates from an anchor on are passed over
   * @param maxIntermediates how many certificates may stand between leaf and anchor
   */
  static TrustPath check(
      List<X509Certificate> chain,
      Collection<X509Certificate> anchors,
      Instant at,
      int maxIntermediates) {
    if (chain.isEmpty()) {
      return new Untrusted(Cause.BAD_CERTIFICATE, "no certificate was shown");
    }
    if (anchors.isEmpty()) {
      return new Untrusted(Cause.UNKNOWN_CA, "no CA is trusted here");
    }
    List<X509Certificate> path = belowAnchor(chain, anchors);
    if (path.size() - 1 > maxIntermediates) {
      return new Untrusted(
          Cause.PATH_TOO_LONG,
          "%d certificates stand between leaf and anchor, %d may"
              .formatted(path.size() - 1, maxIntermediates));
    }
    try {
      return validate(path, anchors, at);
    } catch (CertPathValidatorException e) {
      return untrusted(e);
    } catch (GeneralSecurityException | RuntimeException e) {
      return new Untrusted(Cause.BAD_CERTIFICATE, "the certificate chain is broken");
    }
  }

  private static List<X509Certificate> belowAnchor(
      List<X509Certificate> chain, Collection<X509Certificate> anchors) {
    for (int i = 1; i < chain.size(); i++) {
      if (anchors.contains(chain.get(i))) {
        return chain.subList(0, i);
      }
    }
    return chain;
  }

  private static TrustPath validate(
      List<X509Certificate> path, Collection<X509Certificate> anchors, Instant at)
      throws GeneralSecurityException {
    Set<TrustAnchor> trusted =
        anchors.stream().map(anchor -> new TrustAnchor(anchor, null)).collect(Collectors.toSet());
    PKIXParameters parameters = new PKIXParameters(trusted);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    PKIXCertPathValidatorResult result =
        (PKIXCertPathValidatorResult)
            CertPathValidator.getInstance("PKIX")
                .validate(
                    CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    X509Certificate anchor = result.getTrustAnchor().getTrustedCert();
    if (at.isAfter(anchor.getNotAfter().toInstant())) {
      return new Untrusted(Cause.EXPIRED, "the CA's certificate expired on " + day(anchor));
    }
    return new Trusted(anchor);
  }

  private static String day(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant().toString().substring(0, 10);
  }

  private static TrustPath untrusted(CertPathValidatorException e) {
    Reason reason = e.getReason();
    if (reason == BasicReason.EXPIRED) {
      return new Untrusted(Cause.EXPIRED, "the certificate has expired");
    }
    if (reason == BasicReason.NOT_YET_VALID) {
      return new Untrusted(Cause.NOT_YET_VALID, "the certificate is not valid yet");
    }
    if (reason == PKIXReason.NO_TRUST_ANCHOR) {
      return new Untrusted(Cause.UNKNOWN_CA, "no trusted CA issued the certificate");
    }
    if (reason == PKIXReason.PATH_TOO_LONG) {
      return new Untrusted(Cause.PATH_TOO_LONG, "a CA allows fewer certificates below it");
    }
    if (reason == PKIXReason.NOT_CA_CERT || reason == PKIXReason.INVALID_KEY_USAGE) {
      return new Untrusted(
          Cause.BAD_CERTIFICATE, "a certificate of the chain was issued by one that is no CA");
    }
    if (reason == BasicReason.INVALID_SIGNATURE) {
      return new Untrusted(
          Cause.UNKNOWN_CA, "a signature of the chain is not by the CA that it names");
    }
    return new Untrusted(Cause.BAD_CERTIFICATE, "the certificate chain is not sound");
  }
}
