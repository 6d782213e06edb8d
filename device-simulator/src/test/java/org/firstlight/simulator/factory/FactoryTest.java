package org.firstlight.simulator.factory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactoryTest {
  @TempDir Path folder;

  @Test
  void factory_certificate_names_the_endpoint_and_never_expires() throws Exception {
    Shipment shipment = new Factory(folder, Clock.systemUTC()).make(Order.of(2));

    ShippedDevice device = shipment.devices().get(1);
    X509Certificate certificate =
        PemFiles.readCertificate(
            shipment.devicesFolder().resolve(device.endpointName().value()).resolve("device.pem"));
    certificate.verify(PemFiles.readCertificate(shipment.manufacturerCa()).getPublicKey());
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(Authority.NEVER);
    assertThat(certificate.getSubjectAlternativeNames().iterator().next())
        .isEqualTo(List.of(6, device.endpointName().value()));
    assertThat(certificate.getKeyUsage()[0]).isTrue();
    assertThat(Factory.shipmentList(folder).lines()).hasSize(2).contains(device.toJson());
  }

  @Test
  void euicc_keys_are_two_and_carry_the_eid() {
    Shipment shipment = new Factory(folder, Clock.systemUTC()).make(Order.of(1));

    String eid = shipment.devices().get(0).eid().value();
    Path euicc = shipment.euiccFolder().resolve(eid);
    X509Certificate agreement = PemFiles.readCertificate(euicc.resolve("agreement.pem"));
    X509Certificate signing = PemFiles.readCertificate(euicc.resolve("signing.pem"));
    assertThat(agreement.getKeyUsage()).containsExactly(keyUsage(4));
    assertThat(signing.getKeyUsage()).containsExactly(keyUsage(0));
    assertThat(agreement.getPublicKey()).isNotEqualTo(signing.getPublicKey());
    assertThat(agreement.getSubjectX500Principal().getName("RFC1779")).contains(eid);
  }

  @Test
  void no_file_is_readable_by_others() throws Exception {
    new Factory(folder, Clock.systemUTC()).make(Order.of(1));

    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.getPosixFilePermissions(file))
                      .containsExactlyInAnyOrder(
                          PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
  }

  @Test
  void a_second_factory_never_overwrites_the_first() {
    Factory factory = new Factory(folder, Clock.systemUTC());
    factory.make(Order.of(1));

    assertThatThrownBy(() -> factory.make(Order.of(1))).hasMessageContaining("already");
  }

  @ParameterizedTest
  @EnumSource(IdentityRule.class)
  void every_identity_rule_has_its_certificate(IdentityRule rule) {
    Shipment shipment = new Factory(folder, Clock.systemUTC()).make(Order.of(1).withRule(rule));

    ShippedDevice device = shipment.devices().get(0);
    X509Certificate certificate =
        PemFiles.readCertificate(
            shipment.devicesFolder().resolve(device.endpointName().value()).resolve("device.pem"));
    assertThat(CertificateNames.matching(certificate, rule)).containsExactly(device.factoryId());
  }

  private static boolean[] keyUsage(int bit) {
    boolean[] bits = new boolean[9];
    bits[bit] = true;
    return bits;
  }

  @Test
  void crowd_has_its_certificates_in_one_file_and_its_claim_codes_in_another() throws Exception {
    Shipment shipment = new CrowdFactory(folder, Clock.systemUTC()).make(Order.of(3));

    List<CrowdMember> members = CrowdFactory.read(folder);
    assertThat(members)
        .extracting(CrowdMember::endpointName)
        .isEqualTo(shipment.devices().stream().map(ShippedDevice::endpointName).toList());
    X509Certificate certificate = PemFiles.certificate(members.get(2).certificate());
    certificate.verify(PemFiles.readCertificate(shipment.manufacturerCa()).getPublicKey());
    assertThat(CertificateNames.sanUris(certificate))
        .containsExactly(members.get(2).endpointName().value());
    assertThat(Files.readAllLines(folder.resolve("factory").resolve("claims.ndjson")))
        .contains("{\"code\":\"%s\"}".formatted(shipment.devices().get(2).claimCode()));
    assertThat(Factory.shipmentList(folder).lines()).hasSize(3);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith("ca.pem")))
          .allSatisfy(
              file ->
                  assertThat(Files.getPosixFilePermissions(file))
                      .doesNotContain(
                          PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ));
    }
  }
}
