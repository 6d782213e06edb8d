package org.firstlight.journey;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.simulator.device.DeviceFolder;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;

/**
 * Devices that pretend to be a shipped one, each with one thing wrong about its certificate. The
 * manufacturer's identity rule is COMMON_NAME.
 */
final class OddDevices {
  private static final Duration DAY = Duration.ofDays(1);

  private final Shipment shipment;
  private final Authority manufacturer;
  private final Authority other;
  private final Instant now = Instant.now();

  /**
   * @param other another manufacturer's CA
   */
  OddDevices(Shipment shipment, Authority other) {
    this.shipment = shipment;
    this.manufacturer = Authority.read(shipment.manufacturerCa().getParent(), "ca");
    this.other = other;
  }

  DeviceFolder fromUnknownCa(ShippedDevice victim) {
    Authority nobody = Authority.create("Nobody's CA", now);
    return from(nobody, victim);
  }

  DeviceFolder fromOtherManufacturersCa(ShippedDevice victim) {
    return from(other, victim);
  }

  DeviceFolder from(Authority issuer, ShippedDevice victim) {
    return with(victim, issuer, leaf(cn(victim.serialNumber())));
  }

  DeviceFolder expired(ShippedDevice victim) {
    return with(
        victim,
        manufacturer,
        new Leaf(cn(victim.serialNumber()), now.minus(DAY.multipliedBy(2)), now.minus(DAY)));
  }

  DeviceFolder notYetValid(ShippedDevice victim) {
    return with(
        victim,
        manufacturer,
        new Leaf(cn(victim.serialNumber()), now.plus(DAY), now.plus(DAY.multipliedBy(2))));
  }

  DeviceFolder withoutCn(ShippedDevice victim) {
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.SERIALNUMBER, victim.serialNumber())
            .build();
    return with(victim, manufacturer, leaf(name));
  }

  DeviceFolder withTwoCns(ShippedDevice victim) {
    X500Name name =
        new X500NameBuilder(BCStyle.INSTANCE)
            .addRDN(BCStyle.CN, "another")
            .addRDN(BCStyle.CN, victim.serialNumber())
            .build();
    return with(victim, manufacturer, leaf(name));
  }

  /** A CN that a careless parser would cut in two. */
  DeviceFolder withOddCn(ShippedDevice victim) {
    return with(victim, manufacturer, leaf(cn("x,CN=" + victim.serialNumber() + "\\")));
  }

  /** The manufacturer's own certificate for one device, and the endpoint name of another. */
  DeviceFolder underAnotherName(ShippedDevice itself, ShippedDevice victim) {
    DeviceFolder honest = read(itself);
    return new DeviceFolder(
        victim.endpointName(),
        honest.description(),
        honest.claimCode(),
        honest.certificate(),
        honest.key());
  }

  /** A good certificate for a device that nobody has announced. */
  DeviceFolder neverAnnounced(ShippedDevice model, String serialNumber) {
    DeviceFolder made = with(model, manufacturer, leaf(cn(serialNumber)));
    return new DeviceFolder(
        new EndpointName(shipment.order().namespace() + serialNumber),
        made.description(),
        made.claimCode(),
        made.certificate(),
        made.key());
  }

  DeviceFolder read(ShippedDevice device) {
    return DeviceFolder.read(shipment.devicesFolder().resolve(device.endpointName().value()));
  }

  private DeviceFolder with(ShippedDevice victim, Authority issuer, Leaf leaf) {
    KeyPair pair = Authority.newKeyPair();
    X509Certificate certificate = issuer.issue(pair.getPublic(), leaf);
    DeviceFolder honest = read(victim);
    return new DeviceFolder(
        honest.endpointName(),
        honest.description(),
        honest.claimCode(),
        certificate,
        pair.getPrivate());
  }

  private Leaf leaf(X500Name subject) {
    return new Leaf(subject, now.minus(DAY), Authority.NEVER);
  }

  private static X500Name cn(String value) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, value).build();
  }
}
