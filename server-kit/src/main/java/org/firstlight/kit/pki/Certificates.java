package org.firstlight.kit.pki;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Reads certificates that others give us, within limits and with reasons, and names them. */
public final class Certificates {
  /** The largest certificate that is looked at. */
  public static final int MAX_DER_BYTES = 16 * 1024;

  private Certificates() {}

  /**
   * One or more certificates as PEM, or one as DER.
   *
   * @throws UnreadableCertificateException with a sentence that says what is wrong
   */
  public static List<X509Certificate> parse(byte[] pemOrDer) throws UnreadableCertificateException {
    if (pemOrDer.length == 0) {
      throw new UnreadableCertificateException("it is empty");
    }
    if (pemOrDer[0] == 0x30) {
      return List.of(parseDer(pemOrDer));
    }
    return parsePem(new String(pemOrDer, StandardCharsets.ISO_8859_1));
  }

  /** One or more certificates as PEM; see {@link #parse}. */
  public static List<X509Certificate> parsePem(String text) throws UnreadableCertificateException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem.Block block : Pem.parse(text)) {
      if (block.label().endsWith("PRIVATE KEY")) {
        throw new UnreadableCertificateException(
            "it holds a private key: give certificates alone, and treat that key as known");
      }
      if (!block.label().equals("CERTIFICATE")) {
        throw new UnreadableCertificateException("it holds a PEM block that is no CERTIFICATE");
      }
      certificates.add(parseDer(block.der()));
    }
    return List.copyOf(certificates);
  }

  /** Exactly one certificate; see {@link #parse}. */
  public static X509Certificate parseOne(byte[] pemOrDer) throws UnreadableCertificateException {
    List<X509Certificate> all = parse(pemOrDer);
    if (all.size() != 1) {
      throw new UnreadableCertificateException(
          "it holds %d certificates, one is wanted".formatted(all.size()));
    }
    return all.get(0);
  }

  private static X509Certificate parseDer(byte[] der) throws UnreadableCertificateException {
    if (der.length > MAX_DER_BYTES) {
      throw new UnreadableCertificateException(
          "a certificate is larger than %d bytes".formatted(MAX_DER_BYTES));
    }
    ByteArrayInputStream in = new ByteArrayInputStream(der);
    try {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (in.available() > 0) {
        throw new UnreadableCertificateException("there are bytes after the certificate");
      }
      certificate.getPublicKey();
      return certificate;
    } catch (UnreadableCertificateException e) {
      throw e;
    } catch (CertificateException | RuntimeException e) {
      throw new UnreadableCertificateException("it is not an X.509 certificate");
    }
  }

  /** The certificates as PEM text, in this order. */
  public static String pem(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(certificate -> Pem.write("CERTIFICATE", der(certificate)))
        .collect(Collectors.joining());
  }

  /** The certificate's DER. */
  public static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate has an encoding", e);
    }
  }

  /** Hex SHA-256 of the certificate's DER. */
  public static String sha256(X509Certificate certificate) {
    return hexSha256(der(certificate));
  }

  /** Hex SHA-256 of the SubjectPublicKeyInfo: the same key under any certificate. */
  public static String keySha256(X509Certificate certificate) {
    return keySha256(certificate.getPublicKey());
  }

  /** Hex SHA-256 of the SubjectPublicKeyInfo. */
  public static String keySha256(PublicKey key) {
    return hexSha256(key.getEncoded());
  }

  /** Hex SHA-256 of anything. */
  public static String hexSha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
