package org.firstlight.bootstrap.main;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** PKCS#10 requests, good ones and bad ones. */
record Csr(
    String subject,
    KeyPair key,
    KeyPair signer,
    String algorithm,
    Optional<GeneralName> name,
    int extensions) {
  static Csr of(String subject) throws Exception {
    KeyPair key = key("secp256r1");
    return new Csr(subject, key, key, "SHA256withECDSA", Optional.empty(), 0);
  }

  static KeyPair key(String curve) throws Exception {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance(curve.startsWith("RSA") ? "RSA" : "EC");
    if (curve.startsWith("RSA")) {
      generator.initialize(Integer.parseInt(curve.substring(3)));
    } else {
      generator.initialize(new ECGenParameterSpec(curve));
    }
    return generator.generateKeyPair();
  }

  Csr with(KeyPair other) {
    return new Csr(subject, other, other, algorithm, name, extensions);
  }

  Csr signedBy(KeyPair other) {
    return new Csr(subject, key, other, algorithm, name, extensions);
  }

  Csr by(String otherAlgorithm) {
    return new Csr(subject, key, signer, otherAlgorithm, name, extensions);
  }

  Csr named(GeneralName other) {
    return new Csr(subject, key, signer, algorithm, Optional.of(other), extensions);
  }

  Csr extended(int count) {
    return new Csr(subject, key, signer, algorithm, name, count);
  }

  byte[] der() throws Exception {
    var builder = new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), key.getPublic());
    ExtensionsGenerator asked = new ExtensionsGenerator();
    if (name.isPresent()) {
      asked.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name.get()));
    }
    for (int i = 0; i < extensions; i++) {
      asked.addExtension(
          new ASN1ObjectIdentifier("1.3.6.1.4.1.55555." + i),
          false,
          new DEROctetString(new byte[8]));
    }
    if (!asked.isEmpty()) {
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, asked.generate());
    }
    PKCS10CertificationRequest request =
        builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()));
    return request.getEncoded();
  }
}
