package org.firstlight.simulator.connection;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.firstlight.kit.pki.CertificateNames;

/** The device's half of EST-coaps (RFC 9148): its key is made here and never leaves. */
public final class EstClient {
  public static final int PKCS10 = 286;

  private EstClient() {}

  /** A key, and the certificate over it. */
  public record Enrolled(KeyPair keys, X509Certificate certificate) {
    @Override
    public String toString() {
      return "Enrolled[]";
    }
  }

  /** A server's no, with the code and words of its answer. */
  public static final class RefusedException extends IOException {
    private final transient ResponseCode code;

    RefusedException(Response response) {
      super("%s %s".formatted(response.getCode().text, response.getPayloadString()).strip());
      this.code = response.getCode();
    }

    public ResponseCode code() {
      return code;
    }
  }

  public static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /** The first certificate, over the connection of the bootstrap. */
  public static CompletableFuture<Enrolled> enroll(
      ServerConnection connection, KeyPair keys, String endpointName) {
    return ask(connection, "sen", keys, firstRequest(keys, endpointName));
  }

  /** PKCS#10 for the first certificate: who carries messages another way sends it itself. */
  public static byte[] firstRequest(KeyPair keys, String endpointName) {
    return request(keys, new X500Principal(cn(endpointName)), "");
  }

  /** Another in the place of this one, over a connection that it has opened. */
  public static CompletableFuture<Enrolled> reenroll(
      ServerConnection connection, KeyPair keys, X509Certificate before) {
    String uri = CertificateNames.sanUris(before).stream().findFirst().orElse("");
    return ask(connection, "sren", keys, request(keys, before.getSubjectX500Principal(), uri));
  }

  private static String cn(String name) {
    return "CN=\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static byte[] request(KeyPair keys, X500Principal subject, String uri) {
    try {
      PKCS10CertificationRequestBuilder builder =
          new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic());
      if (!uri.isEmpty()) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        builder.addAttribute(
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      }
      return builder
          .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("the request could not be made", e);
    }
  }

  private static CompletableFuture<Enrolled> ask(
      ServerConnection connection, String operation, KeyPair keys, byte[] csr) {
    Request request = Request.newPost();
    request.getOptions().addUriPath("est").addUriPath(operation).setContentFormat(PKCS10);
    request.setPayload(csr);
    return connection
        .send(request)
        .thenCompose(
            response -> {
              try {
                return CompletableFuture.completedFuture(enrolled(response, keys));
              } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
              }
            });
  }

  /**
   * What an answer to {@code sen} or {@code sren} gives.
   *
   * @throws RefusedException if it is a no
   */
  public static Enrolled enrolled(Response response, KeyPair keys) throws IOException {
    if (response.getCode() != ResponseCode.CHANGED) {
      throw new RefusedException(response);
    }
    try {
      Collection<? extends java.security.cert.Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(response.getPayload()));
      for (java.security.cert.Certificate one : all) {
        if (one instanceof X509Certificate certificate
            && certificate.getPublicKey().equals(keys.getPublic())) {
          return new Enrolled(keys, certificate);
        }
      }
    } catch (GeneralSecurityException e) {
      // said below
    }
    throw new IOException("the answer has no certificate over the key that was sent");
  }
}
