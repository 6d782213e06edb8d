package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Wish;
import org.firstlight.kit.pki.TrustPath.Cause;
import org.firstlight.kit.pki.TrustPath.Trusted;
import org.firstlight.kit.pki.TrustPath.Untrusted;
import org.junit.jupiter.api.Test;

class TrustPathTest {
  private static final Instant NOW = Instant.now();
  private static final TestCa ROOT = TestCa.root("Root");
  private static final TestCa ISSUING = ROOT.intermediate("Issuing");
  private static final X509Certificate LEAF = ISSUING.leaf("CN=leaf").certificate();

  @Test
  void a_chain_to_the_root_and_a_leaf_of_an_issuing_anchor_are_trusted() {
    X509Certificate issuing = ISSUING.certificate();
    X509Certificate root = ROOT.certificate();

    assertThat(check(List.of(LEAF, issuing), root, 1)).isEqualTo(new Trusted(root));
    assertThat(check(List.of(LEAF, issuing, root), root, 1)).isEqualTo(new Trusted(root));
    assertThat(check(List.of(LEAF), issuing, 0)).isEqualTo(new Trusted(issuing));
    assertThat(check(List.of(LEAF, issuing, root), issuing, 0)).isEqualTo(new Trusted(issuing));
  }

  @Test
  void each_fault_has_its_cause() {
    TestCa stranger = TestCa.root("Stranger");
    TestCa namesake = TestCa.root("Root");
    X509Certificate root = ROOT.certificate();

    assertThat(cause(List.of(), root, 1)).isEqualTo(Cause.BAD_CERTIFICATE);
    assertThat(cause(List.of(LEAF, ISSUING.certificate()), stranger.certificate(), 1))
        .isEqualTo(Cause.UNKNOWN_CA);
    assertThat(cause(List.of(LEAF, ISSUING.certificate()), namesake.certificate(), 1))
        .isEqualTo(Cause.UNKNOWN_CA);
    assertThat(cause(List.of(LEAF), root, 1)).isEqualTo(Cause.UNKNOWN_CA);
    assertThat(cause(List.of(LEAF, ISSUING.certificate()), root, 0)).isEqualTo(Cause.PATH_TOO_LONG);
    assertThat(TrustPath.check(List.of(LEAF), List.of(), NOW, 1))
        .isEqualTo(new Untrusted(Cause.UNKNOWN_CA, "no CA is trusted here"));
    assertThat(cause(List.of(dated(-2, -1)), root, 0)).isEqualTo(Cause.EXPIRED);
    assertThat(cause(List.of(dated(1, 2)), root, 0)).isEqualTo(Cause.NOT_YET_VALID);
  }

  @Test
  void a_leaf_cannot_issue() {
    TestCa.Leaf noCa = ROOT.leaf("CN=Issuing");
    X509Certificate forged = ISSUING.leaf("CN=forged").certificate();

    assertThat(cause(List.of(forged, noCa.certificate()), ROOT.certificate(), 1))
        .isIn(Cause.BAD_CERTIFICATE, Cause.UNKNOWN_CA);
  }

  @Test
  void an_expired_anchor_trusts_nobody() {
    Instant late = NOW.plus(Duration.ofDays(1000));
    X509Certificate longLived =
        ROOT.leaf(Wish.of("CN=l").valid(Duration.ZERO, Duration.ofDays(5000))).certificate();

    assertThat(TrustPath.check(List.of(longLived), List.of(ROOT.certificate()), late, 0))
        .isInstanceOfSatisfying(
            Untrusted.class, untrusted -> assertThat(untrusted.cause()).isEqualTo(Cause.EXPIRED));
  }

  private static X509Certificate dated(int from, int to) {
    return ROOT.leaf(Wish.of("CN=d").valid(Duration.ofDays(from), Duration.ofDays(to)))
        .certificate();
  }

  private static TrustPath check(List<X509Certificate> chain, X509Certificate anchor, int max) {
    return TrustPath.check(chain, List.of(anchor), NOW, max);
  }

  private static Cause cause(List<X509Certificate> chain, X509Certificate anchor, int max) {
    return ((Untrusted) check(chain, anchor, max)).cause();
  }
}
