package org.firstlight.kit.est;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.pki.Certificates;

/**
 * A PKCS#10 request (RFC 2986) whose sender has shown that it holds the key.
 *
 * @param key on P-256, in the one encoding that its certificate will have
 * @param keySha256 hex SHA-256 of its SubjectPublicKeyInfo
 * @param subject as it asks for it; may be empty
 * @param alternativeNames as "uri:…", and "other" for any of another kind
 */
public record CertificateRequest(
    PublicKey key, String keySha256, X500Principal subject, List<String> alternativeNames) {
  /** A P-256 request with a long name has some 400 bytes. */
  public static final int MOST_BYTES = 2048;

  /** No other curve of 256 bits, nor this one by its parameters: a key has one encoding only. */
  private static final AlgorithmIdentifier P256 =
      new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1);

  private static final byte UNCOMPRESSED = 4;
  private static final int MOST_EXTENSIONS = 16;
  private static final Set<ASN1ObjectIdentifier> SIGNATURES =
      Set.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256,
          X9ObjectIdentifiers.ecdsa_with_SHA384,
          X9ObjectIdentifiers.ecdsa_with_SHA512);

  public CertificateRequest {
    alternativeNames = List.copyOf(alternativeNames);
  }

  /** A request that cannot be taken, and why. */
  private static final class Fault extends Exception {
    Fault(String why) {
      super(why, null, false, false);
    }
  }

  /**
   * @param der as it came
   * @return refused as {@code MALFORMED} with what is wrong with it
   */
  public static Outcome<CertificateRequest> read(byte[] der) {
    if (der.length > MOST_BYTES) {
      return refused("has more than %d bytes".formatted(MOST_BYTES));
    }
    try {
      return Outcome.done(checked(der));
    } catch (Fault fault) {
      return refused(String.valueOf(fault.getMessage()));
    } catch (IOException | RuntimeException unreadable) {
      return refused("is no PKCS#10 request in DER");
    } catch (GeneralSecurityException | OperatorCreationException | PKCSException unusable) {
      return refused("has a key or a signature that cannot be used");
    }
  }

  private static CertificateRequest checked(byte[] der)
      throws Fault,
          IOException,
          GeneralSecurityException,
          OperatorCreationException,
          PKCSException {
    PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
    if (!Arrays.equals(request.getEncoded(), der)) {
      throw new Fault("has bytes behind its end, or is not DER");
    }
    SubjectPublicKeyInfo spki = request.getSubjectPublicKeyInfo();
    if (!P256.equals(spki.getAlgorithm())) {
      throw new Fault("has a key that is not on P-256, by its name");
    }
    if (spki.getPublicKeyData().getOctets()[0] != UNCOMPRESSED) {
      throw new Fault("has a key whose point is not uncompressed");
    }
    // the JDK's key factory takes a point that is not on the curve
    PublicKeyFactory.createKey(spki);
    PublicKey key =
        KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki.getEncoded()));
    if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
      throw new Fault("is not signed by ECDSA with SHA-256 or longer");
    }
    if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
      throw new Fault("is not signed by the key that it has");
    }
    return new CertificateRequest(
        key,
        Certificates.keySha256(key),
        new X500Principal(request.getSubject().getEncoded()),
        alternativeNames(request));
  }

  private static List<String> alternativeNames(PKCS10CertificationRequest request)
      throws Fault, IOException {
    Attribute[] asked = request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest);
    if (asked.length == 0) {
      return List.of();
    }
    if (asked.length > 1 || asked[0].getAttrValues().size() != 1) {
      throw new Fault("asks for extensions more than once");
    }
    Extensions extensions = Extensions.getInstance(asked[0].getAttrValues().getObjectAt(0));
    if (extensions.getExtensionOIDs().length > MOST_EXTENSIONS) {
      throw new Fault("asks for more than %d extensions".formatted(MOST_EXTENSIONS));
    }
    Extension names = extensions.getExtension(Extension.subjectAlternativeName);
    if (names == null) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (GeneralName name :
        GeneralNames.getInstance(ASN1Primitive.fromByteArray(names.getExtnValue().getOctets()))
            .getNames()) {
      found.add(
          name.getTagNo() == GeneralName.uniformResourceIdentifier
              ? "uri:" + name.getName()
              : "other");
    }
    return found;
  }

  /** The one CN of its subject, if the subject has nothing else. */
  public Optional<String> onlyCommonName() {
    return DistinguishedNames.onlyCommonName(subject);
  }

  private static Outcome<CertificateRequest> refused(String why) {
    return Outcome.refused(FailureCode.MALFORMED, "the request " + why);
  }
}
