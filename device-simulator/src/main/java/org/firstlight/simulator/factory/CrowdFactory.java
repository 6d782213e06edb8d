package org.firstlight.simulator.factory;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.pem.PemFiles;

/**
 * Makes devices by the ten thousand: a factory certificate and key each, all in one file, and no
 * eUICCs; their EIDs are numbers alone.
 *
 * <pre>
 * factory/   ca.pem (and its key) shipment.ndjson claims.ndjson
 * crowd/     devices: a line each with endpoint name, PKCS#8 key and certificate, Base64
 * </pre>
 */
public final class CrowdFactory {
  private final Path root;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public CrowdFactory(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  /** Makes a new CA and the ordered devices; refuses a root that holds a shipment. */
  public Shipment make(Order order) {
    Path factory = root.resolve("factory");
    if (Files.exists(factory.resolve("ca.pem"))) {
      throw new IllegalStateException("there is a factory here already");
    }
    Authority ca = Authority.create(order.manufacturer() + " device CA", clock.instant());
    ca.write(factory, "ca");
    List<ShippedDevice> shipped = new ArrayList<>();
    PemFiles.writeSecret(factory.resolve("shipment.ndjson"), "");
    PemFiles.writeSecret(factory.resolve("claims.ndjson"), "");
    PemFiles.writeSecret(members(root), "");
    try (BufferedWriter members = Files.newBufferedWriter(members(root));
        BufferedWriter list = Files.newBufferedWriter(factory.resolve("shipment.ndjson"));
        BufferedWriter claims = Files.newBufferedWriter(factory.resolve("claims.ndjson"))) {
      for (int i = 1; i <= order.devices(); i++) {
        ShippedDevice device = device(order, "%06d".formatted(i), ca, members);
        list.write(device.toJson() + "\n");
        claims.write("{\"code\":\"%s\"}\n".formatted(device.claimCode()));
        shipped.add(device);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Shipment(root, order, shipped);
  }

  private ShippedDevice device(Order order, String serial, Authority ca, BufferedWriter members)
      throws IOException {
    EndpointName endpointName = new EndpointName(order.namespace() + serial);
    String factoryId = DeviceCertificates.factoryId(order.rule(), endpointName.value(), serial);
    KeyPair pair = Authority.newKeyPair();
    X509Certificate certificate =
        ca.issue(
            pair.getPublic(),
            DeviceCertificates.leaf(order.rule(), factoryId, serial, clock.instant()));
    Base64.Encoder base64 = Base64.getEncoder();
    members.write(
        "%s %s %s%n"
            .formatted(
                endpointName,
                base64.encodeToString(pair.getPrivate().getEncoded()),
                base64.encodeToString(Certificates.der(certificate))));
    return new ShippedDevice(
        endpointName,
        order.manufacturer(),
        factoryId,
        order.model(),
        serial,
        Eids.random(random),
        ShippedDevice.newClaimCode(random),
        Certificates.keySha256(certificate));
  }

  /**
   * What {@link #make} made below this root.
   *
   * @throws IOException if there is nothing, in words for people
   * @throws IllegalArgumentException if a line is not as it was written
   */
  public static List<CrowdMember> read(Path root) throws IOException {
    if (!Files.isReadable(members(root))) {
      throw new IOException(root + " is no folder that `factory --crowd` made, or not readable");
    }
    try (Stream<String> lines = Files.lines(members(root), StandardCharsets.US_ASCII)) {
      return lines.map(CrowdMember::parse).toList();
    }
  }

  private static Path members(Path root) {
    return root.resolve("crowd").resolve("devices");
  }
}
