package org.firstlight.kit.pki;

import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.token.TokenException;

/**
 * One of the platform's CAs: P-256, ECDSA with SHA-256. Certificates are kept small, since some
 * devices take no more than 1024 bytes. Any thread may issue; where others wait for it, {@link
 * #issueLater}, as the key may be in a token.
 */
public final class CertificateAuthority implements AutoCloseable {
  private static final Duration ISSUED_WITHIN = Duration.ofSeconds(10);

  /** Megabytes are put together first, and no device waits. */
  private static final Duration LISTED_WITHIN = Duration.ofMinutes(1);

  /** Devices' clocks run late; a certificate of this minute must not be one of the future. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private final IssuingKey key;
  private final X509Certificate certificate;
  private final Clock clock;
  private final Optional<URI> revocationListUrl;
  private final SecureRandom random = new SecureRandom();

  CertificateAuthority(IssuingKey key, X509Certificate certificate, Clock clock) {
    this(key, certificate, clock, Optional.empty());
  }

  private CertificateAuthority(
      IssuingKey key, X509Certificate certificate, Clock clock, Optional<URI> revocationListUrl) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
    this.revocationListUrl = revocationListUrl;
  }

  /** The same CA, whose devices' certificates name this as their CRL distribution point. */
  CertificateAuthority withRevocationListAt(Optional<URI> url) {
    return new CertificateAuthority(key, certificate, clock, url);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * A device's operational certificate: the endpoint as CN, and as SAN URI where it is one, for
   * client authentication.
   *
   * @throws IllegalArgumentException if the key is not on P-256
   * @throws TokenException if the CA's key is away; known after ten seconds at most
   */
  public X509Certificate issue(PublicKey device, EndpointName endpointName, Duration validity) {
    try {
      X509v3CertificateBuilder builder = leaf(device, endpointName.value(), validity);
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      if (isUri(endpointName.value())) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName(GeneralName.uniformResourceIdentifier, endpointName.value())));
      }
      if (revocationListUrl.isPresent()) {
        GeneralName url =
            new GeneralName(
                GeneralName.uniformResourceIdentifier, revocationListUrl.get().toASCIIString());
        DistributionPoint point =
            new DistributionPoint(new DistributionPointName(new GeneralNames(url)), null, null);
        builder.addExtension(
            Extension.cRLDistributionPoints,
            false,
            new CRLDistPoint(new DistributionPoint[] {point}));
      }
      return sign(builder, key);
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("the certificate could not be made", e);
    }
  }

  /**
   * The same without waiting, on a thread of the key's own if it may take its time. Refused while
   * the key is away, and after ten seconds.
   */
  public CompletionStage<Outcome<X509Certificate>> issueLater(
      PublicKey device, EndpointName endpointName, Duration validity) {
    return later(ISSUED_WITHIN, () -> issue(device, endpointName, validity));
  }

  /**
   * The CRL of what it has issued and is good no more, in DER (RFC 5280 §5); as {@link
   * #issueLater}, but refused after a minute only.
   */
  public CompletionStage<Outcome<byte[]>> revocationListLater(IssuedRevocationList list) {
    return later(LISTED_WITHIN, () -> revocationList(list));
  }

  private <T> CompletionStage<Outcome<T>> later(Duration within, Supplier<T> work) {
    CompletableFuture<T> made;
    try {
      made = CompletableFuture.supplyAsync(work, key.executor());
    } catch (RejectedExecutionException full) {
      made = CompletableFuture.failedFuture(full);
    }
    return made.orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(Outcome::done)
        .exceptionally(CertificateAuthority::refused);
  }

  private static <T> Outcome<T> refused(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    if (cause instanceof TokenException
        || cause instanceof TimeoutException
        || cause instanceof RejectedExecutionException) {
      return Outcome.refused(
          FailureCode.DEPENDENCY_UNAVAILABLE, "no certificate can be issued just now");
    }
    throw new CompletionException(cause);
  }

  /** Why it cannot issue now, for the operator. */
  public Optional<String> problem() {
    return key.problem().map(why -> "no certificate can be issued: " + why);
  }

  @Override
  public void close() {
    key.close();
  }

  private byte[] revocationList(IssuedRevocationList list) {
    try {
      return list.signed(certificate, key.signer());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the CRL could not be made", e);
    }
  }

  /** A server's certificate for these DNS names, the first also its CN. */
  X509Certificate issueServer(PublicKey server, List<String> names, Duration validity) {
    try {
      X509v3CertificateBuilder builder = leaf(server, names.get(0), validity);
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      GeneralName[] alternatives =
          names.stream()
              .map(name -> new GeneralName(GeneralName.dNSName, name))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      return sign(builder, key);
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("the certificate could not be made", e);
    }
  }

  /** A self-signed CA that issues leaves only. */
  static X509Certificate selfSigned(
      IssuingKey key, PublicKey publicKey, String name, Instant now, Duration validity) {
    X500Name subject = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            serial(new SecureRandom()),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(validity)),
            subject,
            publicKey);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey));
      return sign(builder, key);
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException("the CA could not be made", e);
    }
  }

  private X509v3CertificateBuilder leaf(PublicKey subjectKey, String name, Duration validity)
      throws CertIOException, GeneralSecurityException {
    if (!P256.has(subjectKey)) {
      throw new IllegalArgumentException("the key is not on P-256");
    }
    Instant now = clock.instant();
    Instant wanted = now.plus(validity);
    Instant last = certificate.getNotAfter().toInstant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
            serial(random),
            Date.from(now.minus(BACKDATED)),
            Date.from(wanted.isBefore(last) ? wanted : last),
            new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build(),
            subjectKey);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, IssuingKey key)
      throws GeneralSecurityException {
    return new JcaX509CertificateConverter().getCertificate(builder.build(key.signer()));
  }

  /** Positive, 127 random bits (RFC 5280 §4.1.2.2). */
  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(127, random).setBit(126);
  }

  private static boolean isUri(String name) {
    try {
      return new URI(name).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
