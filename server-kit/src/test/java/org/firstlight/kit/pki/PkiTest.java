package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
  private static final Instant NOW = Instant.now();

  @TempDir private Path data;

  @Test
  void the_first_start_makes_everything_and_the_second_loads_it() {
    Pki first = open("localhost", NOW);
    Pki second = open("localhost", NOW);

    assertThat(second.serverCa()).isEqualTo(first.serverCa());
    assertThat(second.operationalCa().certificate()).isEqualTo(first.operationalCa().certificate());
    assertThat(second.bootstrapServer().chain()).isEqualTo(first.bootstrapServer().chain());
    assertThat(second.dmServer().key()).isEqualTo(first.dmServer().key());
    assertThat(
            second
                .keyEncryption()
                .decrypt(first.keyEncryption().encrypt(new byte[] {1, 2}, "c"), "c"))
        .containsExactly(1, 2);
  }

  @Test
  void its_owner_alone_can_read_what_lies_there() throws IOException {
    open("localhost", NOW);

    try (Stream<Path> all = Files.walk(data)) {
      List<Path> made = all.filter(path -> !path.equals(data)).toList();
      assertThat(made).hasSizeGreaterThan(8);
      for (Path path : made) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void both_servers_chain_to_the_one_server_ca_and_carry_their_names() throws Exception {
    Pki pki = open("bs.example", NOW);

    assertThat(TrustPath.check(pki.bootstrapServer().chain(), List.of(pki.serverCa()), NOW, 0))
        .isEqualTo(new TrustPath.Trusted(pki.serverCa()));
    assertThat(TrustPath.check(pki.dmServer().chain(), List.of(pki.serverCa()), NOW, 0))
        .isInstanceOf(TrustPath.Trusted.class);
    X509Certificate certificate = pki.bootstrapServer().certificate();
    assertThat(CertificateNames.commonNames(certificate)).containsExactly("bs.example");
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("bs.example", "localhost");
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getEncoded().length).isLessThan(1024);
    assertThat(pki.serverCa()).isNotEqualTo(pki.operationalCa().certificate());
  }

  @Test
  void an_operational_certificate_names_its_endpoint_twice_and_stays_small() throws Exception {
    Pki pki = open("localhost", NOW);
    EndpointName name = new EndpointName("urn:dev:ops:00D0E5-M1-" + "1".repeat(42));

    X509Certificate issued =
        pki.operationalCa().issue(TestCa.keys().getPublic(), name, Duration.ofDays(365));

    assertThat(CertificateNames.commonNames(issued)).containsExactly(name.value());
    assertThat(CertificateNames.sanUris(issued)).containsExactly(name.value());
    assertThat(CertificateNames.endpointName(issued)).contains(name);
    assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(issued.getKeyUsage()[0]).isTrue();
    assertThat(issued.getBasicConstraints()).isEqualTo(-1);
    assertThat(issued.getEncoded().length).isLessThan(700);
    assertThat(TrustPath.check(List.of(issued), List.of(pki.operationalCa().certificate()), NOW, 0))
        .isInstanceOf(TrustPath.Trusted.class);
    assertThat(TrustPath.check(List.of(issued), List.of(pki.serverCa()), NOW, 0))
        .isInstanceOf(TrustPath.Untrusted.class);
  }

  @Test
  void an_endpoint_that_is_no_uri_is_named_once() {
    X509Certificate issued =
        open("localhost", NOW)
            .operationalCa()
            .issue(TestCa.keys().getPublic(), new EndpointName("meter-17"), Duration.ofDays(1));

    assertThat(CertificateNames.sanUris(issued)).isEmpty();
    assertThat(CertificateNames.endpointName(issued)).contains(new EndpointName("meter-17"));
  }

  @Test
  void devices_certificates_name_the_crl_where_the_configuration_has_its_url() throws Exception {
    String url = "http://crl.example/crl/operational-ca.crl";
    FirstlightConfig config =
        ConfigFile.parse("dataDirectory: .\npki: { revocationListUrl: %s }".formatted(url), data);
    Pki pki = Pki.open(data, config, Clock.fixed(NOW, ZoneOffset.UTC));
    PublicKey key = TestCa.keys().getPublic();
    EndpointName name = new EndpointName("urn:dev:ops:32473-m-1");

    X509Certificate issued = pki.operationalCa().issue(key, name, Duration.ofDays(1));

    byte[] point = issued.getExtensionValue("2.5.29.31");
    assertThat(new String(point, StandardCharsets.ISO_8859_1)).contains(url);
    assertThat(pki.dmServer().chain().get(0).getExtensionValue("2.5.29.31")).isNull();
    assertThat(
            open("localhost", NOW)
                .operationalCa()
                .issue(key, name, Duration.ofDays(1))
                .getExtensionValue("2.5.29.31"))
        .isNull();
  }

  @Test
  void no_certificate_outlives_its_ca() {
    CertificateAuthority ca = open("localhost", NOW).operationalCa();

    X509Certificate issued =
        ca.issue(TestCa.keys().getPublic(), new EndpointName("e"), Duration.ofDays(100 * 365));

    assertThat(issued.getNotAfter()).isEqualTo(ca.certificate().getNotAfter());
  }

  @Test
  void only_p256_keys_get_certificates() throws Exception {
    CertificateAuthority ca = open("localhost", NOW).operationalCa();
    KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
    p384.initialize(new ECGenParameterSpec("secp384r1"));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPairGenerator koblitz = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
    koblitz.initialize(new ECGenParameterSpec("secp256k1"));

    for (KeyPairGenerator other : List.of(p384, rsa, koblitz)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  ca.issue(
                      other.generateKeyPair().getPublic(),
                      new EndpointName("e"),
                      Duration.ofDays(1)));
    }
  }

  @Test
  void a_server_certificate_is_made_anew_for_new_names_and_near_its_end_under_the_same_ca() {
    Pki first = open("old.example", NOW);
    Pki renamed = open("new.example", NOW);
    Pki late = open("new.example", NOW.plus(Duration.ofDays(600)));

    assertThat(CertificateNames.commonNames(renamed.bootstrapServer().certificate()))
        .containsExactly("new.example");
    assertThat(renamed.bootstrapServer().key()).isEqualTo(first.bootstrapServer().key());
    assertThat(late.bootstrapServer().certificate().getNotAfter().toInstant())
        .isAfter(NOW.plus(Duration.ofDays(1200)));
    assertThat(late.serverCa()).isEqualTo(first.serverCa());
  }

  @Test
  void a_renewed_certificate_is_taken_without_a_start_over_the_same_key_or_another() {
    Pki running = open("localhost", NOW);
    ServerCredential first = running.dmServer();
    Pki tool = open("localhost", NOW);

    tool.renew(Pki.Server.DM, false);
    assertThat(running.dmServer()).isEqualTo(first);
    running.refresh();
    ServerCredential second = running.dmServer();
    assertThat(second.certificate()).isNotEqualTo(first.certificate());
    assertThat(second.key()).isEqualTo(first.key());

    tool.renew(Pki.Server.DM, true);
    running.refresh();
    assertThat(running.dmServer().key()).isNotEqualTo(first.key());
    assertThat(TrustPath.check(running.dmServer().chain(), List.of(running.serverCa()), NOW, 0))
        .isInstanceOf(TrustPath.Trusted.class);
    assertThat(data.resolve("pki/dm-server.next.key")).doesNotExist();
  }

  @Test
  void a_change_of_key_that_was_cut_off_is_finished_or_forgotten() throws IOException {
    ServerCredential first = open("localhost", NOW).dmServer();
    Path key = data.resolve("pki/dm-server.key");
    Path next = data.resolve("pki/dm-server.next.key");
    byte[] before = Files.readAllBytes(key);

    // the new key was written, and no certificate yet
    Files.copy(data.resolve("pki/bootstrap-server.key"), next, StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(open("localhost", NOW).dmServer()).isEqualTo(first);
    assertThat(next).doesNotExist();

    // the certificate as well, and the key is not in its place
    ServerCredential renewed = open("localhost", NOW).renew(Pki.Server.DM, true);
    Files.move(key, next);
    Files.copy(data.resolve("pki/bootstrap-server.key"), key, StandardCopyOption.COPY_ATTRIBUTES);
    Files.write(key, before);
    assertThat(open("localhost", NOW).dmServer()).isEqualTo(renewed);
    assertThat(next).doesNotExist();
  }

  @Test
  void an_end_that_comes_near_while_servers_run_makes_a_certificate_anew_under_its_names()
      throws IOException {
    Pki running = open("localhost", NOW);
    Files.delete(data.resolve("pki/bootstrap-server.pem"));
    open("one.example", NOW.minus(Duration.ofDays(600)));

    running.refresh();

    X509Certificate renewed = running.bootstrapServer().certificate();
    assertThat(CertificateNames.dnsNames(renewed)).containsExactly("one.example", "localhost");
    assertThat(renewed.getNotAfter().toInstant()).isAfter(NOW.plus(Duration.ofDays(700)));
  }

  @Test
  void files_that_cannot_be_used_change_nothing_while_servers_run() throws IOException {
    Pki running = open("localhost", NOW);
    ServerCredential first = running.dmServer();
    Path pem = data.resolve("pki/dm-server.pem");
    Path key = data.resolve("pki/dm-server.key");
    String chain = Files.readString(pem);

    Files.writeString(pem, "nothing");
    refusedByRefresh(running, "there is no PEM block");
    Files.copy(data.resolve("pki/bootstrap-server.pem"), pem, StandardCopyOption.REPLACE_EXISTING);
    refusedByRefresh(running, "is not for the key beside it");
    Files.copy(data.resolve("pki/server-ca.pem"), pem, StandardCopyOption.REPLACE_EXISTING);
    refusedByRefresh(running, "is not a certificate and our server CA's");
    TestCa stranger = TestCa.root("Stranger");
    Files.writeString(
        pem,
        Certificates.pem(
            List.of(stranger.leaf("CN=localhost").certificate(), stranger.certificate())));
    refusedByRefresh(running, "is not a certificate and our server CA's");
    Files.writeString(pem, chain);
    Files.move(key, data.resolve("pki/moved"));
    refusedByRefresh(running, "dm-server.key is missing");
    assertThat(key).doesNotExist();
    Files.move(data.resolve("pki/moved"), key);

    running.refresh();
    assertThat(running.dmServer()).isEqualTo(first);
  }

  private static void refusedByRefresh(Pki running, String reason) {
    ServerCredential before = running.dmServer();
    assertThatExceptionOfType(PkiException.class)
        .isThrownBy(running::refresh)
        .withMessageContaining(reason);
    assertThat(running.dmServer()).isEqualTo(before);
  }

  @Test
  void a_start_that_was_cut_off_goes_on_with_its_key() throws IOException {
    Pki first = open("localhost", NOW);
    Files.delete(data.resolve("pki/dm-server.pem"));

    Pki second = open("localhost", NOW);

    assertThat(second.serverCa()).isEqualTo(first.serverCa());
    assertThat(second.dmServer().chain()).hasSize(2);
  }

  @Test
  void a_lost_ca_key_is_never_replaced() throws IOException {
    open("localhost", NOW);
    Files.delete(data.resolve("pki/operational-ca.key"));

    refused("operational-ca.key is missing");
  }

  @Test
  void torn_swapped_and_foreign_files_are_refused_by_name() throws IOException {
    open("localhost", NOW);
    Path key = data.resolve("pki/server-ca.key");
    byte[] whole = Files.readAllBytes(key);

    Files.write(key, java.util.Arrays.copyOf(whole, whole.length / 2));
    refused("server-ca.key holds no P-256 key");
    Files.write(key, Files.readAllBytes(data.resolve("pki/dm-server.key")));
    refused("server-ca.pem is not for the key beside it");
    Files.write(key, new byte[100_000]);
    refused("server-ca.key is too large");
    Files.write(key, whole);
    Files.writeString(data.resolve("pki/server-ca.pem"), "nothing");
    refused("server-ca.pem cannot be used: there is no PEM block in it");
  }

  @Test
  void files_open_to_others_are_refused() throws IOException {
    open("localhost", NOW);
    Path key = data.resolve("keys/kek-1.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

    refused("kek-1.key is open to others than its owner");
  }

  @Test
  void a_short_key_encryption_key_is_refused() throws IOException {
    open("localhost", NOW);
    Files.write(data.resolve("keys/kek-1.key"), new byte[16]);

    refused("kek-1.key is not a key of 32 bytes");
  }

  @Test
  void servers_that_start_side_by_side_make_one_ca() {
    List<X509Certificate> seen =
        IntStream.range(0, 6).parallel().mapToObj(i -> open("localhost", NOW).serverCa()).toList();

    assertThat(seen).containsOnly(seen.get(0));
  }

  @Test
  void no_key_shows_in_a_text_form() {
    Pki pki = open("localhost", NOW);

    assertThat(pki.dmServer().toString()).isEqualTo("ServerCredential[CN=localhost]");
  }

  private void refused(String reason) {
    assertThatExceptionOfType(PkiException.class)
        .isThrownBy(() -> open("localhost", NOW))
        .withMessageContaining(reason);
  }

  private Pki open(String bootstrapName, Instant at) {
    try {
      FirstlightConfig config =
          ConfigFile.parse(
              "dataDirectory: .\nbootstrap: { names: [%s] }"
                  .formatted(
                      bootstrapName.equals("localhost")
                          ? "localhost"
                          : bootstrapName + ", localhost"),
              data);
      return Pki.open(data, config, Clock.fixed(at, ZoneOffset.UTC));
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }
}
