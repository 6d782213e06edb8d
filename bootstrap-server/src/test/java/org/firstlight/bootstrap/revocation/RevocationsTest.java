package org.firstlight.bootstrap.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.revocation.Revocations.Finding;
import org.firstlight.bootstrap.revocation.Revocations.Held;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.RevocationStatus;
import org.firstlight.kit.pki.RevocationList;
import org.firstlight.kit.pki.UnreadableRevocationListException;
import org.junit.jupiter.api.Test;

class RevocationsTest {
  private static final Instant NOW = Instant.now();
  private static final FactoryCa ROOT = FactoryCa.root("Root");
  private static final FactoryCa BETWEEN = ROOT.intermediate("Between");
  private static final X509Certificate DEVICE = ROOT.issue("CN=dev-1").certificate();
  private static final X509Certificate OTHER = ROOT.issue("CN=dev-2").certificate();
  private static final X509Certificate DEEP = BETWEEN.issue("CN=dev-3").certificate();

  private final Map<String, Held> lists = new HashMap<>();

  @Test
  void manufacturer_without_lists_vouches_for_all() {
    assertThat(fault(List.of(DEVICE), maker())).isEmpty();
  }

  @Test
  void device_that_a_fresh_list_does_not_name_is_good() {
    held("a", list(ROOT, OTHER), NOW);

    assertThat(fault(List.of(DEVICE), maker("a"))).isEmpty();
  }

  @Test
  void device_that_a_list_names_is_revoked_also_when_the_list_is_stale() {
    held("a", list(ROOT, OTHER), NOW);
    held("b", list(ROOT, DEVICE), NOW.minus(Duration.ofDays(9)));

    assertThat(fault(List.of(DEVICE), maker("a", "b")))
        .hasValueSatisfying(
            found -> {
              assertThat(found.revoked()).isTrue();
              assertThat(found.reason())
                  .startsWith("its certificate was revoked by its issuer at ")
                  .endsWith("(key compromise)");
            });
  }

  @Test
  void nobody_can_say_that_a_device_is_good_when_its_list_is_stale_or_missing() {
    assertUnknown(fault(List.of(DEVICE), maker("a")), "there is no revocation list of 'CN=Root'");

    held("a", list(ROOT), NOW.minus(Duration.ofHours(24)));
    assertThat(fault(List.of(DEVICE), maker("a"))).isEmpty();

    held("a", list(ROOT), NOW.minus(Duration.ofHours(24)).minusMillis(1));
    assertUnknown(fault(List.of(DEVICE), maker("a")), "list of 'CN=Root' is stale");
  }

  @Test
  void list_that_another_key_signed_is_none() {
    held("a", list(FactoryCa.root("Root")), NOW);

    assertUnknown(fault(List.of(DEVICE), maker("a")), "there is no revocation list of 'CN=Root'");
  }

  @Test
  void list_of_another_manufacturer_is_none() {
    lists.put(
        RevocationStatus.id("other", "a"),
        new Held(status("other", "a", list(ROOT), NOW), Optional.of(list(ROOT))));

    assertUnknown(fault(List.of(DEVICE), maker("a")), "there is no revocation list");
  }

  @Test
  void device_below_a_ca_between_needs_that_ca_s_list_and_the_ca_must_not_be_revoked() {
    List<X509Certificate> path = List.of(DEEP, BETWEEN.certificate());
    held("root", list(ROOT), NOW);
    assertUnknown(fault(path, maker("root")), "there is no revocation list of 'CN=Between'");

    held("between", list(BETWEEN), NOW);
    assertThat(fault(path, maker("root", "between"))).isEmpty();
    // who publishes none of the root's is asked for none
    assertThat(fault(path, maker("between"))).isEmpty();

    held("root", list(ROOT, BETWEEN.certificate()), NOW);
    assertThat(fault(path, maker("root", "between")))
        .hasValueSatisfying(
            found -> {
              assertThat(found.revoked()).isTrue();
              assertThat(found.reason()).startsWith("a CA above its certificate was revoked");
            });

    held("root", list(ROOT), NOW.minus(Duration.ofDays(2)));
    assertUnknown(fault(path, maker("root", "between")), "list of 'CN=Root' is stale");
  }

  private Optional<Finding> fault(List<X509Certificate> path, Manufacturer maker) {
    return new Revocations(lists).fault(path, ROOT.certificate(), maker, NOW);
  }

  private static void assertUnknown(Optional<Finding> fault, String reason) {
    assertThat(fault)
        .hasValueSatisfying(
            found -> {
              assertThat(found.revoked()).isFalse();
              assertThat(found.reason()).contains(reason);
            });
  }

  private void held(String url, RevocationList list, Instant fetched) {
    lists.put(
        RevocationStatus.id("acme", url),
        new Held(status("acme", url, list, fetched), Optional.of(list)));
  }

  private static RevocationStatus status(
      String maker, String url, RevocationList list, Instant fetched) {
    return new RevocationStatus(
        maker,
        url,
        fetched,
        Optional.empty(),
        Optional.of(
            new RevocationStatus.Held(
                list.issuer().getName(),
                list.sha256(),
                fetched,
                list.thisUpdate(),
                list.nextUpdate(),
                list.size())));
  }

  private static RevocationList list(FactoryCa ca, X509Certificate... revoked) {
    try {
      return RevocationList.parse(
          ca.revocationList(
              NOW.minus(Duration.ofDays(10)), NOW.plus(Duration.ofDays(10)), List.of(revoked)));
    } catch (UnreadableRevocationListException e) {
      throw new AssertionError(e);
    }
  }

  private static Manufacturer maker(String... urls) {
    return new Manufacturer(
        "acme",
        "Acme",
        Manufacturer.State.ACTIVE,
        List.of(ROOT.pem()),
        IdentityRule.COMMON_NAME,
        "urn:acme:",
        Map.of(),
        1,
        List.of(),
        List.of(),
        List.of(urls).stream().map(url -> new RevocationSource(url, 24)).toList(),
        List.of(),
        List.of());
  }
}
