package org.firstlight.kit.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Keys and certificates by name: {@code name.key} is PKCS#8 PEM, {@code name.pem} the chain. The
 * key is written first, so a start that was cut off goes on with it.
 */
final class PkiFolder {
  private static final Duration CA_VALIDITY = Duration.ofDays(20 * 365);
  private static final Duration SERVER_VALIDITY = Duration.ofDays(2 * 365);
  private static final Duration SERVER_RENEWAL = Duration.ofDays(180);

  private final PrivateFiles files;
  private final Clock clock;

  PkiFolder(PrivateFiles files, Clock clock) {
    this.files = files;
    this.clock = clock;
  }

  CertificateAuthority authority(String name, String commonName) {
    if (!files.has(name + ".key") && files.has(name + ".pem")) {
      throw new PkiException(
          "%s is missing, and devices trust the CA beside it: restore it from its backup"
              .formatted(files.path(name + ".key")));
    }
    if (!files.has(name + ".pem")) {
      KeyPair pair = keyPair(name);
      write(
          name, List.of(selfSigned(new FileKey(pair.getPrivate()), pair.getPublic(), commonName)));
    }
    PrivateKey key = key(name);
    refuseUnless(
        matches(key, certificates(name).get(0).getPublicKey()),
        name,
        "is not for the key beside it");
    return authority(name, new FileKey(key));
  }

  /** The CA of the certificate that is there, with a key that is known to be its own. */
  CertificateAuthority authority(String name, IssuingKey key) {
    X509Certificate certificate = certificates(name).get(0);
    refuseUnless(
        clock.instant().isBefore(certificate.getNotAfter().toInstant()), name, "has expired");
    return new CertificateAuthority(key, certificate, clock);
  }

  /** A new CA's certificate; its name has a mark, so that no two CAs are taken for each other. */
  X509Certificate selfSigned(IssuingKey key, PublicKey publicKey, String commonName) {
    byte[] mark = new byte[4];
    new SecureRandom().nextBytes(mark);
    return CertificateAuthority.selfSigned(
        key,
        publicKey,
        commonName + " " + HexFormat.of().formatHex(mark),
        clock.instant(),
        CA_VALIDITY);
  }

  /**
   * What is there, under the names that it has; an end that is near makes it anew, a file that is
   * missing does not.
   *
   * @throws PkiException if it cannot be used as it is
   */
  ServerCredential current(String name, CertificateAuthority issuer) {
    for (String file : List.of(name + ".key", name + ".pem")) {
      if (!files.has(file)) {
        throw new PkiException("%s is missing".formatted(files.path(file)));
      }
    }
    List<X509Certificate> chain = certificates(name);
    if (chain.size() != 2 || !chain.get(1).equals(issuer.certificate())) {
      throw new PkiException(
          "%s is not a certificate and our server CA's".formatted(files.path(name + ".pem")));
    }
    List<String> names = CertificateNames.dnsNames(chain.get(0));
    if (names.isEmpty()) {
      throw new PkiException("%s names no host".formatted(files.path(name + ".pem")));
    }
    return credential(name, issuer, names);
  }

  /**
   * A new certificate in the place of the one that is there. With a new key, the certificate says
   * which of the two keys is the right one, should this be cut off.
   */
  ServerCredential renew(
      String name, CertificateAuthority issuer, List<String> dnsNames, boolean newKey) {
    PublicKey key = credential(name, issuer, dnsNames).certificate().getPublicKey();
    issue(name, issuer, newKey ? keyPair(next(name)).getPublic() : key, dnsNames);
    finishRenewal(name);
    return credential(name, issuer, dnsNames);
  }

  private void finishRenewal(String name) {
    if (!files.has(next(name) + ".key")) {
      return;
    }
    if (matches(key(next(name)), certificates(name).get(0).getPublicKey())) {
      files.rename(next(name) + ".key", name + ".key");
    } else {
      files.delete(next(name) + ".key");
    }
  }

  private static String next(String name) {
    return name + ".next";
  }

  ServerCredential credential(String name, CertificateAuthority issuer, List<String> dnsNames) {
    if (files.has(name + ".pem")) {
      finishRenewal(name);
    }
    KeyPair pair = files.has(name + ".key") && files.has(name + ".pem") ? null : keyPair(name);
    if (pair != null) {
      issue(name, issuer, pair.getPublic(), dnsNames);
    }
    List<X509Certificate> chain = certificates(name);
    PrivateKey key = key(name);
    refuseUnless(matches(key, chain.get(0).getPublicKey()), name, "is not for the key beside it");
    if (!stillGood(chain, issuer, dnsNames)) {
      issue(name, issuer, chain.get(0).getPublicKey(), dnsNames);
      chain = certificates(name);
    }
    return new ServerCredential(key, chain);
  }

  private void issue(
      String name, CertificateAuthority issuer, PublicKey key, List<String> dnsNames) {
    write(name, List.of(issuer.issueServer(key, dnsNames, SERVER_VALIDITY), issuer.certificate()));
  }

  private boolean stillGood(
      List<X509Certificate> chain, CertificateAuthority issuer, List<String> dnsNames) {
    Instant end = chain.get(0).getNotAfter().toInstant();
    return chain.size() == 2
        && chain.get(1).equals(issuer.certificate())
        && end.isAfter(clock.instant().plus(SERVER_RENEWAL))
        && Set.copyOf(CertificateNames.dnsNames(chain.get(0))).equals(new HashSet<>(dnsNames))
        && CertificateNames.commonNames(chain.get(0)).equals(dnsNames.subList(0, 1));
  }

  /** A fresh pair; its private half is on disk before anything is made from it. */
  private KeyPair keyPair(String name) {
    KeyPair pair = P256.newPair();
    files.write(
        name + ".key",
        Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded())
            .getBytes(StandardCharsets.US_ASCII));
    return pair;
  }

  void write(String name, List<X509Certificate> chain) {
    files.write(name + ".pem", Certificates.pem(chain).getBytes(StandardCharsets.US_ASCII));
  }

  private List<X509Certificate> certificates(String name) {
    try {
      return Certificates.parse(files.read(name + ".pem"));
    } catch (UnreadableCertificateException e) {
      throw new PkiException(
          "%s cannot be used: %s".formatted(files.path(name + ".pem"), e.getMessage()));
    }
  }

  private PrivateKey key(String name) {
    try {
      String text = new String(files.read(name + ".key"), StandardCharsets.US_ASCII);
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Pem.parse(text).get(0).der()));
    } catch (GeneralSecurityException e) {
      throw new PkiException(
          "%s holds no P-256 key: restore it from its backup".formatted(files.path(name + ".key")));
    }
  }

  private void refuseUnless(boolean holds, String name, String reason) {
    if (!holds) {
      throw new PkiException(
          "%s %s: restore both from one backup".formatted(files.path(name + ".pem"), reason));
    }
  }

  private static boolean matches(PrivateKey key, PublicKey publicKey) {
    try {
      byte[] probe = {1, 2, 3};
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(probe);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(probe);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
