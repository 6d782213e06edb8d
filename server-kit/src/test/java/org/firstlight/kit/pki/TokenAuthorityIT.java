package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.token.SoftHsm;
import org.firstlight.kit.token.TokenException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operational CA's key in a real PKCS#11 token. */
class TokenAuthorityIT {
  private static final EndpointName DEVICE = new EndpointName("urn:dev:one");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private SoftHsm hsm;

  @BeforeEach
  void plugIn() throws Exception {
    hsm = SoftHsm.in(folder);
  }

  @Test
  void the_key_is_made_in_the_token_stays_there_and_is_found_again() throws Exception {
    X509Certificate made;
    try (Pki first = open()) {
      made = first.operationalCa().certificate();
      assertThat(verified(first)).contains("OK");
    }
    try (Pki second = open()) {
      assertThat(second.operationalCa().certificate()).isEqualTo(made);
      assertThat(verified(second)).contains("OK");
      assertThat(verifiedList(second)).contains("verify OK");
    }

    assertThat(pki("operational-ca.key")).doesNotExist();
    assertThat(hsm.tool("--list-objects", "--type", "privkey"))
        .containsOnlyOnce("Private Key Object")
        .contains("never extractable", "always sensitive");
  }

  @Test
  void another_platform_finds_the_key_that_the_first_one_made() throws Exception {
    try (Pki first = open();
        Pki other =
            Pki.open(
                folder.resolve("other"),
                ConfigFile.parse("dataDirectory: other\n" + hsm.configuration(), folder),
                Clock.systemUTC())) {
      assertThat(other.operationalCa().certificate())
          .isEqualTo(first.operationalCa().certificate());
    }
  }

  @Test
  void a_token_that_cannot_be_used_is_refused_in_words_without_the_pin() throws Exception {
    refused(open("/usr/lib/nothing.so", SoftHsm.LABEL), "/usr/lib/nothing.so", "does not exist");
    refused(open(library(), "other"), "there is none of that label, only 'firstlight'");
    hsm.writePin("wrong-161803");
    refused(this::open, "refuses the PIN in " + hsm.pinFile(), "CKR_PIN_INCORRECT");
    // whoever starts it again and again does not lock the token
    refused(this::open, "refused the PIN in " + hsm.pinFile() + " before");
    hsm.writePin("");
    refused(this::open, "holds no PIN");
    Files.setPosixFilePermissions(hsm.pinFile(), PosixFilePermissions.fromString("rw-r--r--"));
    refused(this::open, "is open to others than its owner: chmod 600");
  }

  @Test
  void the_pin_goes_to_the_token_of_that_label_among_others() throws Exception {
    hsm.initialise("zebra");
    hsm.initialise("aardvark");

    open().close();

    assertThat(hsm.tool("--list-objects", "--type", "privkey")).contains("Private Key Object");
  }

  @Test
  void a_ca_in_the_folder_is_not_replaced_and_can_be_moved_into_the_token() throws Exception {
    X509Certificate known;
    try (Pki files = open("")) {
      known = files.operationalCa().certificate();
    }

    refused(this::open, "token 'firstlight' has no key 'operational-ca'", "operational-ca.key");

    hsm.importKey(pki("operational-ca.key"), pki("operational-ca.pem"));
    Files.delete(pki("operational-ca.key"));
    try (Pki moved = open()) {
      assertThat(moved.operationalCa().certificate()).isEqualTo(known);
      assertThat(verified(moved)).contains("OK");
    }
  }

  @Test
  void a_token_with_another_key_than_the_folders_certificate_is_refused() throws Exception {
    open().close();
    try (Pki files =
        Pki.open(
            folder.resolve("other"),
            ConfigFile.parse("dataDirectory: other", folder),
            Clock.systemUTC())) {
      Files.write(
          pki("operational-ca.pem"),
          Certificates.pem(List.of(files.operationalCa().certificate())).getBytes());
    }

    refused(this::open, "has another key than that of the operational CA's certificate");
  }

  @Test
  void a_token_that_hangs_goes_and_comes_back_is_used_again_once_the_pin_is_right()
      throws Exception {
    try (Pki pki = open()) {
      for (ProcessHandle child : ProcessHandle.current().children().toList()) {
        SoftHsm.run(List.of("kill", "-STOP", Long.toString(child.pid())));
      }
      Instant asked = Instant.now();
      refused(pki);
      assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(15));
      await()
          .atMost(PATIENCE)
          .until(() -> problem(pki), why -> why.contains("'firstlight' did not answer in 5 s"));

      hsm.takeAway();
      refused(pki);
      // a token locks after a few wrong ones: this one is tried once
      hsm.writePin("wrong-161803");
      hsm.bringBack();
      await().atMost(PATIENCE).until(() -> problem(pki), why -> why.contains("refuses the PIN"));
      hsm.writePin(SoftHsm.PIN);

      await().atMost(PATIENCE).until(() -> problem(pki), String::isEmpty);
      assertThat(verified(pki)).contains("OK");
    }
  }

  private static void refused(Pki pki) {
    assertThat(issued(pki).refusal())
        .contains(
            Failure.of(
                FailureCode.DEPENDENCY_UNAVAILABLE, "no certificate can be issued just now"));
  }

  private static String problem(Pki pki) {
    return pki.operationalCa().problem().orElse("");
  }

  private static Outcome<X509Certificate> issued(Pki pki) {
    return pki.operationalCa()
        .issueLater(P256.newPair().getPublic(), DEVICE, Duration.ofDays(30))
        .toCompletableFuture()
        .join();
  }

  /** What openssl says to a certificate of it. */
  private String verified(Pki pki) throws Exception {
    Path leaf = folder.resolve("leaf.pem");
    Files.writeString(leaf, Certificates.pem(List.of(issued(pki).result().orElseThrow())));
    return SoftHsm.run(
        List.of(
            "openssl", "verify", "-CAfile", pki("operational-ca.pem").toString(), leaf.toString()));
  }

  private String verifiedList(Pki pki) throws Exception {
    Instant now = Instant.now();
    Path list = folder.resolve("list.der");
    Files.write(
        list,
        pki.operationalCa()
            .revocationListLater(
                new IssuedRevocationList(
                    7,
                    now,
                    now.plusSeconds(60),
                    List.of(new IssuedRevocationList.Entry("abc", now, 1))))
            .toCompletableFuture()
            .join()
            .result()
            .orElseThrow());
    return SoftHsm.run(
        List.of(
            "openssl",
            "crl",
            "-inform",
            "DER",
            "-in",
            list.toString(),
            "-noout",
            "-CAfile",
            pki("operational-ca.pem").toString()));
  }

  private static void refused(ThrowingCallable opening, String... words) {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(opening)
        .isInstanceOfAny(TokenException.class, PkiException.class)
        .satisfies(
            fault ->
                assertThat(fault.getMessage())
                    .contains(words)
                    .doesNotContain(SoftHsm.PIN, "161803"));
  }

  private Path pki(String file) {
    return folder.resolve("data").resolve("pki").resolve(file);
  }

  private Pki open() throws Exception {
    return open(hsm.configuration());
  }

  private ThrowingCallable open(String library, String label) {
    return () -> open(hsm.configuration(library, label));
  }

  private static String library() {
    return "/usr/lib/softhsm/libsofthsm2.so";
  }

  private Pki open(String section) throws Exception {
    return Pki.open(
        folder.resolve("data"),
        ConfigFile.parse("dataDirectory: data\n" + section, folder),
        Clock.systemUTC());
  }
}
