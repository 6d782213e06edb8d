package org.firstlight.bootstrap.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Extra;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.bootstrap.Wish;
import org.firstlight.bootstrap.trust.Verdict.Cause;
import org.firstlight.bootstrap.trust.Verdict.Distrusted;
import org.firstlight.bootstrap.trust.Verdict.Trusted;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Manufacturer.State;
import org.firstlight.fleet.trust.UnprovenAuthority;
import org.firstlight.kit.pki.Certificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactoryTrustTest {
  private static final FactoryCa ACME = FactoryCa.root("Acme Issuing CA");
  private static final FactoryCa OTHER = FactoryCa.root("Other Issuing CA");
  private static final Instant NOW = Instant.now();

  private final Manufacturer acme = manufacturer("acme", State.ACTIVE, 0, List.of(), ACME.pem());
  private final Manufacturer other = manufacturer("other", State.ACTIVE, 0, List.of(), OTHER.pem());

  @Test
  void leaf_alone_under_an_issuing_ca_names_its_manufacturer_and_id() {
    Verdict verdict = judge(ACME.issue("CN=dev-1,O=Acme"), acme, other);

    assertThat(verdict)
        .asInstanceOf(InstanceOfAssertFactories.type(Trusted.class))
        .satisfies(
            trusted -> {
              assertThat(trusted.peer().identity().manufacturer()).isEqualTo("acme");
              assertThat(trusted.peer().identity().id()).isEqualTo("dev-1");
              assertThat(trusted.peer().endpointName()).contains("urn:acme:dev-1");
              assertThat(trusted.peer().authority())
                  .contains(Certificates.keySha256(ACME.certificate()));
            });
  }

  @Test
  void ca_of_another_manufacturer_vouches_for_its_own_names_only() {
    Verdict verdict = judge(OTHER.issue("CN=urn:acme:dev-1"), acme, other);

    assertThat(verdict)
        .asInstanceOf(InstanceOfAssertFactories.type(Trusted.class))
        .satisfies(
            trusted -> {
              assertThat(trusted.peer().identity().manufacturer()).isEqualTo("other");
              assertThat(trusted.peer().endpointName()).contains("urn:other:urn:acme:dev-1");
            });
  }

  @Test
  void unknown_ca_is_refused_by_name() {
    assertRefused(
        judge(FactoryCa.root("Stranger").issue("CN=dev-1"), acme, other),
        Cause.UNKNOWN_CA,
        "CN=Stranger");
  }

  @Test
  void ca_of_the_right_name_and_another_key_is_refused() {
    assertRefused(
        judge(FactoryCa.root("Acme Issuing CA").issue("CN=dev-1"), acme), Cause.UNKNOWN_CA, "Acme");
  }

  @Test
  void nobody_is_trusted_without_manufacturers() {
    assertRefused(judge(ACME.issue("CN=dev-1")), Cause.UNKNOWN_CA, "no manufacturer");
  }

  @Test
  void ca_that_two_manufacturers_claim_vouches_for_neither() {
    Manufacturer thief = manufacturer("thief", State.ACTIVE, 0, List.of(), ACME.pem());

    assertRefused(judge(ACME.issue("CN=dev-1"), acme, thief), Cause.UNKNOWN_CA, "more than one");
  }

  @Test
  void suspended_manufacturer_vouches_for_nobody() {
    Manufacturer suspended = manufacturer("acme", State.SUSPENDED, 0, List.of(), ACME.pem());

    assertRefused(judge(ACME.issue("CN=dev-1"), suspended), Cause.UNKNOWN_CA, "suspended");
  }

  @Test
  void expired_and_not_yet_valid_are_told_apart() {
    Duration day = Duration.ofDays(1);
    Factory expired =
        ACME.issue(new X500Name("CN=a"), NOW.minus(day), NOW.minusSeconds(60), Extra.none());
    Factory early =
        ACME.issue(new X500Name("CN=a"), NOW.plusSeconds(60), NOW.plus(day), Extra.none());

    assertRefused(judge(expired, acme), Cause.NOT_CURRENT, "expired at");
    assertRefused(judge(early, acme), Cause.NOT_CURRENT, "not valid before");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "O=Acme | no CN",
        "CN=one,CN=two | 2 CN",
        "CN=one+CN=two | 2 CN",
        "CN=with\\,comma | cannot be an id",
        "CN=with\\\\backslash | cannot be an id",
        "CN=with space | cannot be an id",
      })
  void no_double_or_odd_cn_is_refused(String subject, String reason) {
    assertRefused(judge(ACME.issue(subject), acme), Cause.BAD_CERTIFICATE, reason);
  }

  @Test
  void ca_that_is_not_proven_vouches_for_nobody() throws Exception {
    String key = Certificates.keySha256(Certificates.parsePem(ACME.pem()).get(0));
    Manufacturer asked = acme.withUnproven(List.of(new UnprovenAuthority(key, "c", NOW)));

    assertRefused(
        judge(ACME.issue("CN=dev-1"), asked),
        Cause.UNKNOWN_CA,
        "manufacturer 'acme' has not proven that it holds the key of its issuing CA");
  }

  @Test
  void ca_that_another_has_not_proven_is_no_claim() throws Exception {
    String key = Certificates.keySha256(Certificates.parsePem(ACME.pem()).get(0));
    Manufacturer rival =
        manufacturer("rival", State.ACTIVE, 0, List.of(), ACME.pem())
            .withUnproven(List.of(new UnprovenAuthority(key, "c", NOW)));

    assertThat(judge(ACME.issue("CN=dev-1"), rival, acme))
        .asInstanceOf(InstanceOfAssertFactories.type(Trusted.class))
        .satisfies(t -> assertThat(t.peer().identity().manufacturer()).isEqualTo("acme"));
  }

  @Test
  void rule_reads_one_place_and_no_other() {
    Manufacturer bySan =
        new Manufacturer(
            "acme",
            "Acme",
            State.ACTIVE,
            List.of(ACME.pem()),
            IdentityRule.SAN_URI,
            "urn:acme:",
            Map.of(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    Factory twoUris =
        issue(
            b ->
                b.addExtension(
                    Extension.subjectAlternativeName, false, uris("urn:acme:1", "urn:acme:2")));
    Factory oneUri =
        issue(b -> b.addExtension(Extension.subjectAlternativeName, false, uris("urn:acme:1")));

    assertRefused(judge(ACME.issue("CN=dev-1"), bySan), Cause.BAD_CERTIFICATE, "no SAN URI");
    assertRefused(judge(twoUris, bySan), Cause.BAD_CERTIFICATE, "2 SAN URI");
    assertThat(judge(oneUri, bySan))
        .asInstanceOf(InstanceOfAssertFactories.type(Trusted.class))
        .satisfies(t -> assertThat(t.peer().endpointName()).contains("urn:acme:1"));
  }

  @Test
  void usage_for_something_else_is_refused() {
    Factory keyAgreement =
        issue(b -> b.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement)));
    Factory server =
        issue(
            b ->
                b.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));

    assertRefused(judge(keyAgreement, acme), Cause.BAD_CERTIFICATE, "digitalSignature");
    assertRefused(judge(server, acme), Cause.BAD_CERTIFICATE, "clientAuth");
  }

  @Test
  void intermediates_are_as_many_as_the_manufacturer_allows() {
    FactoryCa line = ACME.intermediate("Acme Line 7");
    Factory device = line.issue("CN=dev-1");
    List<X509Certificate> chain = new ArrayList<>(device.chain());
    chain.add(line.certificate());
    Manufacturer deeper = manufacturer("acme", State.ACTIVE, 1, List.of(), ACME.pem());

    assertRefused(FactoryTrust.of(List.of(acme)).judge(chain, NOW), Cause.UNKNOWN_CA, "between");
    assertThat(FactoryTrust.of(List.of(deeper)).judge(chain, NOW)).isInstanceOf(Trusted.class);
  }

  @Test
  void device_cannot_issue_devices() {
    Wish device = Wish.of("CN=dev-1");
    Manufacturer deeper = manufacturer("acme", State.ACTIVE, 3, List.of(), ACME.pem());
    X509Certificate bred = Wish.of("CN=dev-2").by(device.subject(), device.keys().getPrivate());
    List<X509Certificate> chain = List.of(bred, ACME.issue(device).certificate());

    assertRefused(
        FactoryTrust.of(List.of(deeper)).judge(chain, NOW), Cause.BAD_CERTIFICATE, "no CA");
  }

  @Test
  void denied_keys_of_device_and_ca_are_refused() {
    Factory device = ACME.issue("CN=dev-1");
    String key = Certificates.keySha256(device.certificate());
    String caKey = Certificates.keySha256(ACME.certificate());

    assertRefused(
        judge(device, manufacturer("acme", State.ACTIVE, 0, List.of(key), ACME.pem())),
        Cause.REVOKED,
        "its key is denied");
    assertRefused(
        judge(device, manufacturer("acme", State.ACTIVE, 0, List.of(caKey), ACME.pem())),
        Cause.REVOKED,
        "CA above");
  }

  @Test
  void unreadable_anchor_gives_no_trust_and_takes_none_away() {
    Manufacturer odd = manufacturer("odd", State.ACTIVE, 0, List.of(), "no certificate");

    assertThat(judge(ACME.issue("CN=dev-1"), odd, acme)).isInstanceOf(Trusted.class);
  }

  private static Factory issue(Extra extra) {
    return ACME.issue(
        new X500Name("CN=dev-1"), NOW.minusSeconds(60), NOW.plus(Duration.ofDays(1)), extra);
  }

  private static GeneralNames uris(String... uris) {
    return new GeneralNames(
        java.util.Arrays.stream(uris)
            .map(uri -> new GeneralName(GeneralName.uniformResourceIdentifier, uri))
            .toArray(GeneralName[]::new));
  }

  @Test
  void hardware_is_of_a_type_that_the_manufacturer_makes() {
    Factory device =
        issue(
            b ->
                b.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(
                        new GeneralName(
                            GeneralName.otherName,
                            new OtherName(
                                new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.4"),
                                new DERSequence(
                                    new ASN1Encodable[] {
                                      new ASN1ObjectIdentifier("1.3.6.1.4.1.32473.1"),
                                      new DEROctetString(new byte[] {0x0a})
                                    }))))));

    assertThat(judge(device, making())).isInstanceOf(Trusted.class);
    assertThat(judge(device, making("1.2.3", "1.3.6.1.4.1.32473.1"))).isInstanceOf(Trusted.class);
    // a type is not the beginning of another
    for (String other : List.of("1.3.6.1.4.1.32473", "1.3.6.1.4.1.32473.11", "1.2.3")) {
      assertRefused(
          judge(device, making(other)),
          Cause.BAD_CERTIFICATE,
          "its hardware '1.3.6.1.4.1.32473.1-0a' is of no type that manufacturer 'acme' makes");
    }
  }

  private static Manufacturer making(String... types) {
    return new Manufacturer(
        "acme",
        "Acme",
        State.ACTIVE,
        List.of(ACME.pem()),
        IdentityRule.HARDWARE_MODULE_NAME,
        "urn:acme:",
        Map.of(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(types),
        List.of());
  }

  private static Verdict judge(Factory device, Manufacturer... manufacturers) {
    return FactoryTrust.of(List.of(manufacturers)).judge(device.chain(), NOW);
  }

  private static void assertRefused(Verdict verdict, Cause cause, String reason) {
    assertThat(verdict)
        .asInstanceOf(InstanceOfAssertFactories.type(Distrusted.class))
        .satisfies(
            no -> {
              assertThat(no.cause()).isEqualTo(cause);
              assertThat(no.reason()).contains(reason);
            });
  }

  private static Manufacturer manufacturer(
      String id, State state, int depth, List<String> denied, String anchor) {
    return new Manufacturer(
        id,
        id,
        state,
        List.of(anchor),
        IdentityRule.COMMON_NAME,
        "urn:%s:".formatted(id),
        Map.of(),
        depth,
        denied,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
