package org.firstlight.bootstrap;

import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.firstlight.bootstrap.FactoryCa.Factory;

/** What a responder answers to a question: good, for an hour, unless a test wants it otherwise. */
public final class OcspResponse {
  private static final String ECDSA = "SHA256withECDSA";

  private CertificateID id;
  private Instant from = Instant.now().minusSeconds(60);
  private Optional<Instant> to = Optional.of(Instant.now().plus(Duration.ofHours(1)));
  private Optional<Extension> nonce;
  private CertificateStatus status = CertificateStatus.GOOD;
  private String algorithm = ECDSA;

  private OcspResponse(OCSPReq request) {
    this.id = request.getRequestList()[0].getCertID();
    this.nonce =
        Optional.ofNullable(request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce));
  }

  public static OcspResponse to(byte[] request) throws Exception {
    return new OcspResponse(new OCSPReq(request));
  }

  /** A refusal without a signature. */
  public static byte[] status(int status) throws Exception {
    return new OCSPRespBuilder().build(status, null).getEncoded();
  }

  /** If it was asked about that one. */
  public OcspResponse revokes(X509Certificate certificate, Instant at) {
    if (id.getSerialNumber().equals(certificate.getSerialNumber())) {
      status = new RevokedStatus(Date.from(at), CRLReason.keyCompromise);
    }
    return this;
  }

  public OcspResponse unknown() {
    status = new UnknownStatus();
    return this;
  }

  public OcspResponse aboutSerial(BigInteger other) throws Exception {
    id = CertificateID.deriveCertificateID(id, other);
    return this;
  }

  public OcspResponse aboutIssuer(FactoryCa other) throws Exception {
    id =
        new CertificateID(
            new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1),
            new JcaX509CertificateHolder(other.certificate()),
            id.getSerialNumber());
    return this;
  }

  public OcspResponse from(Instant from, Optional<Instant> to) {
    this.from = from;
    this.to = to;
    return this;
  }

  public OcspResponse withNonce(Optional<byte[]> other) throws Exception {
    nonce =
        other.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Extension(
                    OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                    false,
                    new DEROctetString(other.get()).getEncoded()));
    return this;
  }

  public OcspResponse signedWith(String algorithm) {
    this.algorithm = algorithm;
    return this;
  }

  /** Signed by the CA itself. */
  public byte[] by(FactoryCa ca) throws Exception {
    return signed(ca.key(), new X509CertificateHolder[0], ca.certificate());
  }

  /** Signed by who has this certificate, which comes with it. */
  public byte[] by(Factory responder) throws Exception {
    return signed(
        responder.key(),
        new X509CertificateHolder[] {new JcaX509CertificateHolder(responder.certificate())},
        responder.certificate());
  }

  private byte[] signed(PrivateKey key, X509CertificateHolder[] sent, X509Certificate who)
      throws Exception {
    BasicOCSPRespBuilder builder =
        new BasicOCSPRespBuilder(
            new RespID(X500Name.getInstance(who.getSubjectX500Principal().getEncoded())));
    builder.addResponse(id, status, Date.from(from), to.map(Date::from).orElse(null));
    nonce.ifPresent(own -> builder.setResponseExtensions(new Extensions(own)));
    return new OCSPRespBuilder()
        .build(
            OCSPRespBuilder.SUCCESSFUL,
            builder.build(
                new JcaContentSignerBuilder(algorithm).build(key), sent, Date.from(Instant.now())))
        .getEncoded();
  }
}
