package org.firstlight.benchmarks.handshake;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.pem.PemFiles;

/** Makes devices with factory certificates, and the record of who made them. */
public final class DeviceFactory {
  /** Before a device's name in its endpoint. */
  public static final String NAMESPACE = "urn:bench:";

  private final Authority authority = Authority.create("Bench device CA", Instant.now());

  /** The CN of its certificate. */
  public static String name(int number) {
    return "bench-%05d".formatted(number);
  }

  public X509Certificate ca() {
    return authority.certificate();
  }

  /** Leaves the keys and certificates of so many devices where {@link Credentials} finds them. */
  public void make(int devices, Path folder) throws IOException {
    for (int i = 0; i < devices; i++) {
      KeyPair pair = Authority.newKeyPair();
      X509Certificate certificate =
          authority.issue(
              pair.getPublic(),
              new Leaf(new X500Name("CN=" + name(i)), Instant.now(), Authority.NEVER));
      Credentials.write(folder, "device-" + i, pair.getPrivate(), certificate);
    }
  }

  /** As an administrator would have registered it. */
  public Manufacturer manufacturer() {
    return new Manufacturer(
        "bench",
        "Bench",
        Manufacturer.State.ACTIVE,
        List.of(PemFiles.toPem(authority.certificate())),
        IdentityRule.COMMON_NAME,
        NAMESPACE,
        Map.of(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
