package org.firstlight.simulator.factory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.firstlight.fleet.device.Eid;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.pem.PemFiles;

/**
 * Makes what comes out of a device's factory, an eUICC maker's factory and an operator's key
 * ceremony, each in its own folder under one root.
 *
 * <pre>
 * factory/   ca.pem euicc-root.pem (and their keys) shipment.ndjson
 * devices/NAME/  device.key.pem device.pem device.properties
 * euicc/     subscription-root.pem, and per EID: agreement.* signing.*
 * operator/  operator.key.pem operator.pem euicc-roots.pem euicc-certificates/EID.pem
 * ci/        subscription-root.* : whoever vouches for operators, as the GSMA CI does
 * </pre>
 */
public final class Factory {
  private final Path root;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  public Factory(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  /** Makes new authorities and the ordered devices; refuses a root that holds a shipment. */
  public Shipment make(Order order) {
    if (Files.exists(root.resolve("factory").resolve("ca.pem"))) {
      throw new IllegalStateException("there is a factory here already");
    }
    Instant now = clock.instant();
    Authority ca = Authority.create(order.manufacturer() + " device CA", now);
    Authority euiccRoot = Authority.create("eUICC maker root", now);
    Authority subscriptionRoot = Authority.create("Subscription root", now);
    ca.write(root.resolve("factory"), "ca");
    euiccRoot.write(root.resolve("factory"), "euicc-root");
    subscriptionRoot.write(root.resolve("ci"), "subscription-root");
    PemFiles.writeCertificates(
        root.resolve("euicc").resolve("subscription-root.pem"), subscriptionRoot.certificate());
    equipOperator(subscriptionRoot, euiccRoot, order.operatorId());

    List<ShippedDevice> devices = new ArrayList<>();
    for (int i = 1; i <= order.devices(); i++) {
      devices.add(device(order, "%06d".formatted(i), ca, euiccRoot));
    }
    PemFiles.writeSecret(
        root.resolve("factory").resolve("shipment.ndjson"),
        devices.stream().map(ShippedDevice::toJson).collect(Collectors.joining("\n", "", "\n")));
    return new Shipment(root, order, devices);
  }

  private void equipOperator(Authority subscriptionRoot, Authority euiccRoot, String operatorId) {
    Instant now = clock.instant();
    KeyPair pair = Authority.newKeyPair();
    Leaf leaf =
        new Leaf(
            new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.ORGANIZATION_IDENTIFIER, operatorId)
                .addRDN(BCStyle.CN, operatorId + " subscription signing")
                .build(),
            now.minusSeconds(3600),
            now.plusSeconds(3600L * 24 * 365 * 3));
    Path operator = root.resolve("operator");
    PemFiles.writeKey(operator.resolve("operator.key.pem"), pair.getPrivate());
    PemFiles.writeCertificates(
        operator.resolve("operator.pem"), subscriptionRoot.issue(pair.getPublic(), leaf));
    PemFiles.writeCertificates(operator.resolve("euicc-roots.pem"), euiccRoot.certificate());
  }

  private ShippedDevice device(Order order, String serial, Authority ca, Authority euiccRoot) {
    EndpointName endpointName = new EndpointName(order.namespace() + serial);
    String factoryId = DeviceCertificates.factoryId(order.rule(), endpointName.value(), serial);
    KeyPair pair = Authority.newKeyPair();
    X509Certificate certificate =
        ca.issue(
            pair.getPublic(),
            DeviceCertificates.leaf(order.rule(), factoryId, serial, clock.instant()));
    Eid eid = euicc(euiccRoot);
    ShippedDevice device =
        new ShippedDevice(
            endpointName,
            order.manufacturer(),
            factoryId,
            order.model(),
            serial,
            eid,
            ShippedDevice.newClaimCode(random),
            Certificates.keySha256(certificate));
    Path folder = root.resolve("devices").resolve(endpointName.value());
    PemFiles.writeKey(folder.resolve("device.key.pem"), pair.getPrivate());
    PemFiles.writeCertificates(folder.resolve("device.pem"), certificate);
    PemFiles.writeSecret(folder.resolve("device.properties"), properties(device));
    return device;
  }

  /** An eUICC with one key for key agreement and another for its receipts. */
  private Eid euicc(Authority maker) {
    Eid eid = Eids.random(random);
    Path folder = root.resolve("euicc").resolve(eid.value());
    Leaf leaf =
        new Leaf(
            new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.SERIALNUMBER, eid.value())
                .addRDN(BCStyle.CN, "eUICC")
                .build(),
            clock.instant().minusSeconds(3600),
            Authority.NEVER);
    KeyPair agreement = Authority.newKeyPair();
    X509Certificate agreementCertificate =
        maker.issue(agreement.getPublic(), leaf.withKeyUsage(KeyUsage.keyAgreement));
    KeyPair signing = Authority.newKeyPair();
    PemFiles.writeKey(folder.resolve("agreement.key.pem"), agreement.getPrivate());
    PemFiles.writeCertificates(folder.resolve("agreement.pem"), agreementCertificate);
    PemFiles.writeKey(folder.resolve("signing.key.pem"), signing.getPrivate());
    PemFiles.writeCertificates(
        folder.resolve("signing.pem"), maker.issue(signing.getPublic(), leaf));
    PemFiles.writeCertificates(
        root.resolve("operator").resolve("euicc-certificates").resolve(eid + ".pem"),
        agreementCertificate);
    return eid;
  }

  private static String properties(ShippedDevice device) {
    return """
        endpointName=%s
        manufacturer=%s
        model=%s
        serialNumber=%s
        eid=%s
        claimCode=%s
        """
        .formatted(
            device.endpointName(),
            device.manufacturer(),
            device.model(),
            device.serialNumber(),
            device.eid(),
            device.claimCode());
  }

  /** The shipment list as a file's text, for who comes later than {@link #make}. */
  public static String shipmentList(Path root) {
    try {
      return Files.readString(
          root.resolve("factory").resolve("shipment.ndjson"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
