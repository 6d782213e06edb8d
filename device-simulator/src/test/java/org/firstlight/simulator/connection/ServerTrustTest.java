package org.firstlight.simulator.connection;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.pki.Pki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which server a device takes, by the certificate usage of its account. */
class ServerTrustTest {
  @TempDir private static Path folder;
  private static Pki ours;
  private static Pki strangers;
  private static List<X509Certificate> chain;
  private static X509Certificate leaf;
  private static X509Certificate sibling;

  @BeforeAll
  static void issue() throws Exception {
    ours = pki("ours");
    strangers = pki("strangers");
    chain = ours.dmServer().chain();
    leaf = chain.get(0);
    // another certificate of the same CA, as after a renewal
    sibling = ours.bootstrapServer().certificate();
  }

  private static Pki pki(String name) throws Exception {
    Path data = folder.resolve(name);
    return Pki.open(data, ConfigFile.parse("dataDirectory: .", data), Clock.systemUTC());
  }

  private static ServerTrust trust(int usage, X509Certificate given, X509Certificate... store) {
    return new ServerTrust(usage, given, List.of(store), "localhost");
  }

  private static void assertTaken(ServerTrust trust) {
    assertThatCode(() -> trust.check(chain)).doesNotThrowAnyException();
  }

  private static void assertRefused(ServerTrust trust, String why) {
    assertThatThrownBy(() -> trust.check(chain))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(why);
  }

  @Test
  void usage_0_wants_the_given_ca_in_a_chain_that_the_device_trusts_by_itself() {
    assertTaken(trust(0, ours.serverCa(), ours.serverCa()));
    assertRefused(trust(0, ours.serverCa()), "no CA is trusted here");
    assertRefused(trust(0, strangers.serverCa(), ours.serverCa()), "no trusted CA");
    assertRefused(
        trust(0, strangers.serverCa(), ours.serverCa(), strangers.serverCa()), "no trusted CA");
    assertRefused(trust(0, leaf, ours.serverCa()), "no CA's");
    List<X509Certificate> appended = List.of(leaf, ours.serverCa(), strangers.serverCa());
    assertThatThrownBy(() -> trust(0, strangers.serverCa(), ours.serverCa()).check(appended))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void usage_1_wants_the_given_certificate_under_a_ca_that_the_device_trusts_by_itself() {
    assertTaken(trust(1, leaf, ours.serverCa()));
    assertRefused(trust(1, leaf, strangers.serverCa()), "no trusted CA");
    assertRefused(trust(1, sibling, ours.serverCa()), "another certificate");
  }

  @Test
  void usage_2_wants_a_chain_to_the_given_ca() {
    assertTaken(trust(2, ours.serverCa()));
    assertRefused(trust(2, strangers.serverCa(), ours.serverCa()), "no trusted CA");
  }

  @Test
  void usage_3_wants_the_given_certificate_and_nothing_else() {
    assertTaken(trust(3, leaf));
    assertRefused(trust(3, sibling, ours.serverCa()), "another certificate");
    assertRefused(trust(3, ours.serverCa(), ours.serverCa()), "another certificate");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void every_usage_wants_the_name_of_the_account(int usage) {
    X509Certificate given = usage % 2 == 1 ? leaf : ours.serverCa();
    ServerTrust trust =
        new ServerTrust(usage, given, List.of(ours.serverCa()), "elsewhere.example");
    assertRefused(trust, "does not name elsewhere.example");
  }
}
