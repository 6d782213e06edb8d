package org.firstlight.benchmarks.handshake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.pki.CertificateAuthority;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.UnreadableCertificateException;

/**
 * Keys and certificates in a folder, each as {@code name.key} and {@code name.der}: made by the
 * measurement, read by the processes of the load and of the peer.
 */
public final class Credentials {
  private Credentials() {}

  public record Credential(PrivateKey key, X509Certificate certificate) {
    @Override
    public String toString() {
      return "Credential[]";
    }
  }

  static EndpointName device(int number) {
    return new EndpointName("urn:dev:bench:%05d".formatted(number));
  }

  public static void issue(CertificateAuthority authority, Path folder, int devices)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    for (int i = 0; i < devices; i++) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      write(
          folder,
          "device-" + i,
          pair.getPrivate(),
          authority.issue(pair.getPublic(), device(i), Duration.ofDays(1)));
    }
  }

  public static void write(Path folder, String name, PrivateKey key, X509Certificate certificate)
      throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".key"), key.getEncoded());
    Files.write(folder.resolve(name + ".der"), Certificates.der(certificate));
  }

  public static Credential read(Path folder, String name) throws IOException {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve(name + ".key"))));
      return new Credential(key, certificate(folder, name));
    } catch (GeneralSecurityException e) {
      throw new IOException(name + " cannot be read", e);
    }
  }

  public static X509Certificate certificate(Path folder, String name) throws IOException {
    try {
      return Certificates.parseOne(Files.readAllBytes(folder.resolve(name + ".der")));
    } catch (UnreadableCertificateException e) {
      throw new IOException(name + " cannot be read", e);
    }
  }

  public static List<Credential> devices(Path folder, int count) throws IOException {
    List<Credential> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(read(folder, "device-" + i));
    }
    return all;
  }
}
