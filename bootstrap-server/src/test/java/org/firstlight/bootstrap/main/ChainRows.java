package org.firstlight.bootstrap.main;

import static org.firstlight.bootstrap.main.Row.refused;
import static org.firstlight.bootstrap.main.Row.trusted;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.firstlight.bootstrap.FactoryCa;
import org.firstlight.bootstrap.FactoryCa.Factory;
import org.firstlight.bootstrap.Wish;
import org.firstlight.fleet.trust.Manufacturer.State;

/** What stands above a device's certificate. */
final class ChainRows {
  private static final FactoryCa ISSUING = FactoryCa.root("Chain CA");
  private static final Maker MAKER = Maker.of("chain", ISSUING).with(2);
  private static final Instant NOW = Instant.now();
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));
  private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));
  private static final String NO_CA = "was issued by one that is no CA";

  private ChainRows() {}

  static List<Row> all() {
    return Stream.of(strangers(), order(), lengths(), authorities(), constraints(), records())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Row> strangers() {
    Wish self = Wish.of("CN=self-signed");
    Factory own =
        new Factory(self.keys().getPrivate(), List.of(FactoryCa.root(self).certificate()));
    FactoryCa line = ISSUING.intermediate("Chain Line");
    byte[] forged = Row.der(ISSUING.issue("CN=forged").chain()).get(0);
    forged[forged.length - 1] ^= 1;
    return List.of(
        refused(
            "ca_that_nobody_has",
            MAKER,
            FactoryCa.root("Nobody's CA").issue("CN=stranger"),
            "no manufacturer has its issuing CA 'CN=Nobody's CA'"),
        refused(
            "leaf_that_signed_itself",
            MAKER,
            own,
            "no manufacturer has its issuing CA 'CN=self-signed'"),
        refused(
            "ca_of_the_same_name_with_another_key",
            MAKER,
            FactoryCa.root("Chain CA").issue("CN=namesake"),
            "it names 'CN=Chain CA' as its issuing CA, and is not signed by its key"),
        new Row(
            "signature_that_was_changed",
            MAKER,
            ISSUING.issue("CN=forged").key(),
            List.of(forged),
            Row.End.HANDSHAKE,
            "it names 'CN=Chain CA' as its issuing CA, and is not signed by its key"),
        refused(
            "intermediate_that_is_not_sent",
            MAKER,
            line.issue("CN=alone"),
            "no manufacturer has its issuing CA 'CN=Chain Line'"));
  }

  private static List<Row> order() {
    FactoryCa upper = ISSUING.intermediate("Upper");
    FactoryCa lower = upper.intermediate("Lower");
    String gap = "its certificates do not each sign the one before";
    Factory twice = ISSUING.issue("CN=twice");
    return List.of(
        trusted("two_intermediates", MAKER, lower.issue("CN=in-order").sending(lower, upper)),
        trusted("issuing_ca_sent_too", MAKER, ISSUING.issue("CN=and-ca").sending(ISSUING)),
        refused(
            "intermediates_in_the_wrong_order",
            MAKER,
            lower.issue("CN=crossed").sending(upper, lower),
            gap),
        refused("intermediate_left_out", MAKER, lower.issue("CN=gap").sending(upper), gap),
        refused(
            "leaf_sent_twice",
            MAKER,
            new Factory(twice.key(), List.of(twice.certificate(), twice.certificate())),
            gap),
        refused(
            "intermediate_sent_twice",
            MAKER,
            upper.issue("CN=ca-twice").sending(upper, upper),
            gap),
        refused("leaf_after_its_ca", MAKER, reversed(upper.issue("CN=last").sending(upper)), gap),
        refused(
            "stranger_s_ca_sent_too",
            MAKER,
            ISSUING.issue("CN=company").sending(FactoryCa.root("Stranger CA")),
            gap));
  }

  private static Factory reversed(Factory device) {
    List<X509Certificate> chain = new ArrayList<>(device.chain());
    Collections.reverse(chain);
    return new Factory(device.key(), chain);
  }

  private static List<Row> lengths() {
    FactoryCa short0 =
        FactoryCa.root(
            Wish.of("CN=Path 0").with(Extension.basicConstraints, true, new BasicConstraints(0)));
    FactoryCa below = short0.intermediate("Below Path 0");
    FactoryCa pathless =
        ISSUING.intermediate(
            Wish.of("CN=Line 0")
                .with(Extension.basicConstraints, true, new BasicConstraints(0))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)));
    FactoryCa belowPathless = pathless.intermediate("Below Line 0");
    List<FactoryCa> tower = new ArrayList<>(List.of(ISSUING.intermediate("Tower 0")));
    for (int i = 1; i < 6; i++) {
      tower.add(0, tower.get(0).intermediate("Tower " + i));
    }
    FactoryCa third = tower.get(3);
    return List.of(
        refused(
            "more_intermediates_than_the_record_allows",
            MAKER,
            third.issue("CN=deep").sending(third, tower.get(4), tower.get(5)),
            "3 certificates stand between it and its manufacturer's CA, 2 may"),
        refused(
            "more_intermediates_than_the_issuing_ca_allows",
            Maker.of("path0", short0).with(2),
            below.issue("CN=below-0").sending(below),
            "1 certificate stands between it and its manufacturer's CA, 0 may"),
        refused(
            "more_intermediates_than_one_of_them_allows",
            MAKER,
            belowPathless.issue("CN=below-line").sending(belowPathless, pathless),
            "a CA above its certificate allows fewer certificates below it"),
        refused(
            "longer_chain_than_is_looked_at",
            MAKER,
            tower.get(0).issue("CN=endless").sending(tower.toArray(new FactoryCa[0])),
            "it sent 7 certificates, at most 6 are looked at"));
  }

  private static List<Row> authorities() {
    Factory device = ISSUING.issue("CN=not-a-ca");
    Wish bare = Wish.of("CN=Bare");
    FactoryCa rootless = FactoryCa.root(Wish.of("CN=Rootless"));
    FactoryCa mute =
        FactoryCa.root(
            Wish.of("CN=Mute")
                .with(Extension.basicConstraints, true, new BasicConstraints(true))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign)));
    FactoryCa expired = FactoryCa.root(Wish.ca("CN=Expired CA").to(YESTERDAY));
    FactoryCa early = FactoryCa.root(Wish.ca("CN=Early CA").from(TOMORROW));
    Wish unlike =
        Wish.of("CN=Usage")
            .with(Extension.basicConstraints, true, new BasicConstraints(true))
            .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    return List.of(
        below("intermediate_without_basic_constraints", bare, NO_CA),
        below(
            "intermediate_whose_basic_constraints_say_no",
            Wish.of("CN=No")
                .with(Extension.basicConstraints, true, new BasicConstraints(false))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)),
            NO_CA),
        below("intermediate_that_may_not_sign_certificates", unlike, NO_CA),
        below(
            "intermediate_that_has_expired",
            Wish.ca("CN=Old line").to(YESTERDAY),
            "a CA above its certificate expired at"),
        below(
            "intermediate_that_is_not_valid_yet",
            Wish.ca("CN=New line").from(TOMORROW),
            "a CA above its certificate is not valid before"),
        below(
            "intermediate_with_a_critical_extension_that_nobody_knows",
            Wish.ca("CN=Odd line")
                .with(new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE),
            "a certificate of its chain has a critical extension that is not known here"),
        refused(
            "device_that_issues_devices",
            MAKER,
            new Factory(
                device.key(),
                List.of(
                    Wish.of("CN=bred").by(new X500Name("CN=not-a-ca"), device.key()),
                    device.certificate())),
            NO_CA),
        refused(
            "issuing_ca_without_basic_constraints",
            Maker.of("rootless", rootless),
            rootless.issue("CN=rootless"),
            "its issuer is not a CA"),
        refused(
            "issuing_ca_that_may_not_sign_certificates",
            Maker.of("mute", mute),
            mute.issue("CN=mute"),
            "its issuer is not a CA"),
        refused(
            "issuing_ca_that_has_expired",
            Maker.of("expired", expired),
            expired.issue("CN=orphan"),
            "a CA above its certificate expired at"),
        refused(
            "issuing_ca_that_is_not_valid_yet",
            Maker.of("early", early),
            early.issue("CN=unborn"),
            "a CA above its certificate is not valid before"));
  }

  private static Row below(String name, Wish wish, String reason) {
    FactoryCa line = ISSUING.intermediate(wish);
    return refused(name, MAKER, line.issue(Wish.of("CN=" + name)).sending(line), reason);
  }

  private static List<Row> constraints() {
    Wish.Extra acmeAlone =
        builder ->
            builder.addExtension(
                Extension.nameConstraints, true, permitting(new X500Name("O=Acme")));
    FactoryCa line = ISSUING.intermediate(Wish.ca("CN=Acme alone").with(acmeAlone));
    FactoryCa issuing = FactoryCa.root(Wish.ca("O=Acme,CN=Acme alone").with(acmeAlone));
    Maker constrained = Maker.of("constrained", issuing);
    String reason = "its name lies outside those that a CA above it may give";
    return List.of(
        trusted(
            "name_that_the_intermediate_may_give",
            MAKER,
            line.issue("O=Acme,CN=named").sending(line)),
        refused(
            "name_that_the_intermediate_may_not_give",
            MAKER,
            line.issue("O=Other,CN=misnamed").sending(line),
            reason),
        trusted(
            "name_that_the_issuing_ca_may_give", constrained, issuing.issue("O=Acme,CN=named-2")),
        refused(
            "name_that_the_issuing_ca_may_not_give",
            constrained,
            issuing.issue("O=Other,CN=misnamed-2"),
            reason));
  }

  private static NameConstraints permitting(X500Name name) {
    return new NameConstraints(
        new GeneralSubtree[] {new GeneralSubtree(new GeneralName(name))}, null);
  }

  private static List<Row> records() {
    FactoryCa suspended = FactoryCa.root("Suspended CA");
    FactoryCa retired = FactoryCa.root("Retired CA");
    FactoryCa unproven = FactoryCa.root("Unproven CA");
    FactoryCa denied = FactoryCa.root("Denied CA");
    FactoryCa deniedLine = FactoryCa.root("CA of a denied line");
    FactoryCa line = deniedLine.intermediate("Denied line");
    FactoryCa denying = FactoryCa.root("Denying CA");
    Factory lost = denying.issue("CN=lost");
    return List.of(
        refused(
            "manufacturer_that_is_suspended",
            Maker.of("suspended", suspended).in(State.SUSPENDED),
            suspended.issue("CN=suspended"),
            "manufacturer 'suspended' is suspended"),
        refused(
            "manufacturer_that_is_retired",
            Maker.of("retired", retired).in(State.RETIRED),
            retired.issue("CN=retired"),
            "manufacturer 'retired' is retired"),
        refused(
            "ca_that_is_not_proven",
            Maker.of("unproven", unproven).unproven(),
            unproven.issue("CN=unproven"),
            "manufacturer 'unproven' has not proven that it holds the key of its issuing CA"),
        refused(
            "ca_whose_key_is_denied",
            Maker.of("denied", denied).denying(denied.certificate()),
            denied.issue("CN=of-denied"),
            "the key of a CA above it is denied by its manufacturer"),
        refused(
            "intermediate_whose_key_is_denied",
            Maker.of("denied-line", deniedLine).with(1).denying(line.certificate()),
            line.issue("CN=of-denied-line").sending(line),
            "the key of a CA above it is denied by its manufacturer"),
        refused(
            "device_whose_key_is_denied",
            Maker.of("denying", denying).denying(lost.certificate()),
            lost,
            "its key is denied by its manufacturer"));
  }
}
