package org.firstlight.simulator.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.factory.ShippedDevice;
import org.firstlight.simulator.pem.PemFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code seal} in a process of its own, as an operator runs it. */
class SealCommandIT {
  @TempDir Path folder;
  private Shipment shipment;
  private Path operator;
  private Path csv;
  private String printed = "";

  @BeforeEach
  void equip() {
    shipment = new Factory(folder, Clock.systemUTC()).make(Order.of(3));
    operator = shipment.operatorFolder();
    csv = operator.resolve("subscriptions.csv");
    RandomSubscriptions.write(csv, shipment.devices().stream().map(ShippedDevice::eid).toList());
  }

  @Test
  void good_list_is_sealed_line_by_line_without_a_secret_in_clear() throws Exception {
    assertThat(seal()).isZero();

    String out = Files.readString(operator.resolve("sealed.ndjson"));
    assertThat(out.lines()).hasSize(3).allMatch(line -> line.startsWith("{\"packageId\":\""));
    for (SubscriptionList.Row row : SubscriptionList.parse(Files.readString(csv)).rows()) {
      assertThat(out + printed)
          .doesNotContain(row.subscription().imsi())
          .doesNotContain(java.util.HexFormat.of().formatHex(row.subscription().k()));
    }
  }

  @Test
  void counter_goes_up_with_each_run() throws Exception {
    seal();
    seal();

    try (CounterBook counters = new CounterBook(operator)) {
      assertThat(counters.current(shipment.devices().get(0).eid())).contains(2L);
    }
  }

  @Test
  void certificate_of_another_euicc_under_this_eid_is_refused_by_line() throws Exception {
    Path certificates = operator.resolve("euicc-certificates");
    Files.copy(
        certificates.resolve(eid(1) + ".pem"),
        certificates.resolve(eid(0) + ".pem"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThat(seal()).isEqualTo(1);
    assertThat(printed).contains("line 2: the certificate is another eUICC's");
    assertThat(Files.readString(operator.resolve("sealed.ndjson")).lines()).hasSize(2);
  }

  @Test
  void certificate_swapped_for_one_of_the_swappers_own_is_refused() throws Exception {
    Authority swapper = Authority.create("eUICC maker root", Instant.now());
    KeyPair pair = Authority.newKeyPair();
    X509Certificate forged =
        swapper.issue(
            pair.getPublic(),
            new Leaf(
                    new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.SERIALNUMBER, eid(2).value())
                        .build(),
                    Instant.now().minusSeconds(60),
                    Authority.NEVER)
                .withKeyUsage(KeyUsage.keyAgreement));
    PemFiles.writeCertificates(
        operator.resolve("euicc-certificates").resolve(eid(2) + ".pem"), forged);

    assertThat(seal()).isEqualTo(1);
    assertThat(printed).contains("line 4: the eUICC's certificate is not trusted");
  }

  @Test
  void signing_certificate_of_the_euicc_is_no_recipient() throws Exception {
    Files.copy(
        shipment.euiccFolder().resolve(eid(0).value()).resolve("signing.pem"),
        operator.resolve("euicc-certificates").resolve(eid(0) + ".pem"),
        StandardCopyOption.REPLACE_EXISTING);

    assertThat(seal()).isEqualTo(1);
    assertThat(printed).contains("line 2: the eUICC's certificate is not for key agreement");
  }

  @Test
  void wrong_lengths_and_duplicates_are_refused_without_quoting_them() throws Exception {
    List<String> lines = Files.readAllLines(csv);
    String imsi = lines.get(1).split(",")[2];
    String key = lines.get(2).split(",")[3];
    Files.writeString(
        csv,
        String.join(
            "\n",
            lines.get(0),
            lines.get(1).replace(imsi, imsi + "1"),
            lines.get(2).replace(key, key.substring(2)),
            lines.get(3),
            lines.get(3),
            "not,nine,columns"));

    assertThat(seal()).isEqualTo(1);
    assertThat(printed)
        .contains("line 2: the IMSI has 14 or 15 digits")
        .contains("line 3: K has 16 bytes")
        .contains("line 5: the EID stands on an earlier line")
        .contains("line 6: 3 columns, not 9")
        .contains("1 sealed, 4 refused")
        .doesNotContain(imsi)
        .doesNotContain(key.substring(2));
  }

  private Eid eid(int device) {
    return shipment.devices().get(device).eid();
  }

  private int seal() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SealCommand.class.getName(),
                "--subscriptions=" + csv,
                "--euicc-certificates=" + operator.resolve("euicc-certificates"),
                "--euicc-roots=" + operator.resolve("euicc-roots.pem"),
                "--operator-key=" + operator.resolve("operator.key.pem"),
                "--operator-certificate=" + operator.resolve("operator.pem"),
                "--out=" + operator.resolve("sealed.ndjson"))
            .redirectErrorStream(true)
            .start();
    printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor();
  }
}
