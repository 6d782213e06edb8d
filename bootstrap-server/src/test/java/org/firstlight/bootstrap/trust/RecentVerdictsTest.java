package org.firstlight.bootstrap.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.revocation.Revocations;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Trusted;
import org.firstlight.fleet.trust.FactoryIdentity;
import org.junit.jupiter.api.Test;

class RecentVerdictsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T00:00:00Z");
  private static final X509Certificate DEVICE =
      FactoryCa.root("Recent CA").issue("CN=device").certificate();
  private static final List<X509Certificate> CHAIN = List.of(DEVICE);

  private final RecentVerdicts recent = new RecentVerdicts();
  private final FactoryTrust trust = FactoryTrust.of(List.of());
  private final Verdict let =
      new Trusted(
          new Peer.Factory(
              new FactoryIdentity("acme", "device", DEVICE),
              Optional.empty(),
              "00",
              Optional.empty(),
              DEVICE.getPublicKey()));

  @Test
  void what_was_found_holds_for_a_moment_of_the_same_trust() {
    recent.put(trust.with(Revocations.NONE), CHAIN, NOW, let);

    assertThat(recent.find(trust.with(Revocations.NONE), CHAIN, NOW.plusSeconds(9))).contains(let);
    assertThat(recent.find(trust, CHAIN, NOW.plusSeconds(10))).isEmpty();
    assertThat(recent.find(trust, CHAIN, NOW.minusSeconds(1)))
        .as("the clock was set back")
        .isEmpty();
    assertThat(recent.find(trust.with(new Revocations(Map.of())), CHAIN, NOW))
        .as("read anew")
        .isEmpty();
    assertThat(recent.find(trust, List.of(), NOW)).isEmpty();
  }

  @Test
  void who_was_refused_is_judged_again_and_forgets_what_was_before() {
    recent.put(trust, CHAIN, NOW, let);
    recent.put(trust, CHAIN, NOW, Verdict.no(Cause.REVOKED, "since then"));

    assertThat(recent.find(trust, CHAIN, NOW)).isEmpty();
  }
}
