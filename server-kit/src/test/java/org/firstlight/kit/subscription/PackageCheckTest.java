package org.firstlight.kit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Leaf;
import org.firstlight.kit.TestCa.Wish;
import org.firstlight.kit.subscription.PackageCheck.Accepted;
import org.firstlight.kit.subscription.PackageCheck.Cause;
import org.firstlight.kit.subscription.PackageCheck.Expected;
import org.firstlight.kit.subscription.PackageCheck.Refused;
import org.firstlight.kit.subscription.PackageCheck.Verdict;
import org.junit.jupiter.api.Test;

class PackageCheckTest {
  private static final SubscriptionHeader HEADER = Sealing.header();
  private static final byte[] GOOD = Sealing.seal(HEADER);
  private static final Expected EXPECTED =
      new Expected(Sealing.EID, Optional.of(HEADER.packageId()), Optional.of("op-1"), 4);

  @Test
  void a_good_package_is_accepted_with_its_header() {
    assertThat(check(GOOD, EXPECTED))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> {
              assertThat(accepted.sealed().header()).isEqualTo(HEADER);
              assertThat(accepted.sealed().operator()).isEqualTo(Sealing.OPERATOR.certificate());
              assertThat(accepted.sealed().bytes()).isEqualTo(GOOD.length);
              assertThat(accepted.sealed().sha256()).matches("[0-9a-f]{64}");
            });
  }

  @Test
  void an_operator_below_an_intermediate_is_accepted() {
    TestCa regional = Sealing.SUBSCRIPTION_ROOT.intermediate("Regional");
    Leaf operator = Sealing.withChain(regional.leaf("CN=Op,2.5.4.97=op-1"), regional.certificate());

    assertThat(check(Sealing.seal(HEADER, HEADER, operator, Sealing.CLEAR), EXPECTED))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void a_package_of_another_operator_root_is_refused() {
    Leaf stranger = TestCa.root("Subscription Root").leaf("CN=Op,2.5.4.97=op-1");

    refused(
        signedBy(stranger), Cause.UNTRUSTED_OPERATOR, "the operator's certificate is not trusted");
    assertThat(new PackageCheck(List.of(), Clock.systemUTC()).check(GOOD, EXPECTED))
        .isInstanceOf(Refused.class);
  }

  @Test
  void an_operator_speaks_for_itself_alone() {
    Cause cause = Cause.UNTRUSTED_OPERATOR;
    String reason = "is not the one whose certificate signed it";

    refused(signedBy(Sealing.SUBSCRIPTION_ROOT.leaf("CN=Op,2.5.4.97=op-2")), cause, reason);
    refused(signedBy(Sealing.SUBSCRIPTION_ROOT.leaf("CN=op-1")), cause, reason);
    refused(
        signedBy(Sealing.SUBSCRIPTION_ROOT.leaf("CN=Op,2.5.4.97=op-1,2.5.4.97=op-2")),
        cause,
        reason);
  }

  @Test
  void an_operator_certificate_that_is_out_of_date_or_not_for_signatures_is_refused() {
    Wish operator = Wish.of("CN=Op,2.5.4.97=op-1");

    refused(
        signedBy(
            Sealing.SUBSCRIPTION_ROOT.leaf(
                operator.valid(Duration.ofDays(-9), Duration.ofDays(-1)))),
        Cause.UNTRUSTED_OPERATOR,
        "has expired");
    refused(
        signedBy(Sealing.SUBSCRIPTION_ROOT.leaf(operator.usage(KeyUsage.keyAgreement))),
        Cause.UNTRUSTED_OPERATOR,
        "not for signatures");
  }

  @Test
  void what_does_not_fit_its_list_is_refused() {
    Verdict otherEid =
        check(GOOD, new Expected(Sealing.OTHER_EID, Optional.empty(), Optional.empty(), -1));
    Verdict otherOperator =
        check(GOOD, new Expected(Sealing.EID, Optional.empty(), Optional.of("op-9"), -1));
    Verdict otherId =
        check(GOOD, new Expected(Sealing.EID, Optional.of("ff".repeat(16)), Optional.empty(), -1));
    Verdict replayed =
        check(GOOD, new Expected(Sealing.EID, Optional.empty(), Optional.empty(), 5));

    assertThat(otherEid)
        .isEqualTo(new Refused(Cause.WRONG_EID, "the package is for another eUICC"));
    assertThat(otherOperator)
        .isEqualTo(new Refused(Cause.OTHER_OPERATOR, "the package is another operator's"));
    assertThat(otherId)
        .isEqualTo(
            new Refused(Cause.OTHER_PACKAGE, "the package has another id than its list says"));
    assertThat(replayed)
        .isEqualTo(
            new Refused(Cause.REPLAYED, "the package's counter is 5, and 5 was there already"));
  }

  @Test
  void dates_are_kept() {
    Instant early = HEADER.notBefore().minusSeconds(1);
    Instant late = HEADER.notAfter().plusSeconds(1);

    assertThat(checkAt(early).cause()).isEqualTo(Cause.NOT_YET_VALID);
    assertThat(checkAt(late))
        .isEqualTo(new Refused(Cause.EXPIRED, "the package expired at " + HEADER.notAfter()));
  }

  @Test
  void a_header_that_is_not_the_sealed_one_is_refused() {
    SubscriptionHeader later =
        new SubscriptionHeader(
            HEADER.packageId(),
            HEADER.operatorId(),
            HEADER.eid(),
            HEADER.recipientCertSha256(),
            6,
            HEADER.notBefore(),
            HEADER.notAfter(),
            HEADER.action(),
            HEADER.previousPackageId());

    refused(
        Sealing.seal(later, HEADER, Sealing.OPERATOR, Sealing.CLEAR),
        Cause.MALFORMED,
        "the header that is signed is not the one that is sealed");
    refused(
        Sealing.seal(HEADER, null, Sealing.OPERATOR, Sealing.CLEAR),
        Cause.MALFORMED,
        "the package has no header");
    refused(
        Sealing.sign(SealedForm.CONTENT, new byte[] {0x30, 0}, Sealing.OPERATOR, null),
        Cause.MALFORMED,
        "the package has no header");
    refused(
        Sealing.sign(
            SealedForm.CONTENT, new byte[] {0x30, 0}, Sealing.OPERATOR, Sealing.table(HEADER)),
        Cause.MALFORMED,
        "the envelope is not of the form used here");
    refused(
        Sealing.sign(
            SubscriptionFormat.RECEIPT_CONTENT,
            new byte[] {0x30, 0},
            Sealing.OPERATOR,
            Sealing.table(HEADER)),
        Cause.MALFORMED,
        "not signed CMS of the form");
  }

  @Test
  void huge_packages_are_refused_unread_and_large_ones_accepted() {
    byte[] large = Sealing.seal(HEADER, HEADER, Sealing.OPERATOR, new byte[100 * 1024]);

    assertThat(check(large, EXPECTED)).isInstanceOf(Accepted.class);
    refused(
        new byte[SubscriptionFormat.MAX_PACKAGE_BYTES + 1], Cause.TOO_LARGE, "131072 are allowed");
  }

  @Test
  void what_is_no_der_is_refused() throws Exception {
    byte[] ber = ContentInfo.getInstance(GOOD).getEncoded(ASN1Encoding.DER);
    assertThat(ber).isEqualTo(GOOD);

    refused(new byte[0], Cause.MALFORMED, "is cut off");
    refused(new byte[] {0x30, (byte) 0x80, 0, 0}, Cause.MALFORMED, "indefinite length");
    refused(new byte[] {0x30, (byte) 0x81, 1, 5}, Cause.MALFORMED, "not the shortest");
    refused(new byte[] {0x30, (byte) 0x84, 1, 1, 1, 1}, Cause.MALFORMED, "too large");
    refused(new byte[] {0x3f, 1, 0}, Cause.MALFORMED, "a tag that no");
    refused(new byte[] {0x30, 0, 0}, Cause.MALFORMED, "bytes after its end");
    refused(Arrays.copyOf(GOOD, GOOD.length + 1), Cause.MALFORMED, "bytes after its end");
    refused(nested(10_000), Cause.MALFORMED, "nested too deep");
    refused(new byte[] {0x05, 0}, Cause.MALFORMED, "not signed CMS");
  }

  @Test
  void every_cut_is_refused() {
    for (int length = 0; length < GOOD.length; length += 3) {
      assertThat(check(Arrays.copyOf(GOOD, length), EXPECTED)).isInstanceOf(Refused.class);
    }
  }

  @Test
  void a_flipped_bit_anywhere_is_refused() {
    for (int bit = 0; bit < GOOD.length * 8; bit++) {
      byte[] broken = GOOD.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(check(broken, EXPECTED)).as("bit %d", bit).isInstanceOf(Refused.class);
    }
  }

  @Property
  void any_bytes_are_refused(@ForAll @Size(max = 400) byte[] bytes) {
    assertThat(check(bytes, EXPECTED)).isInstanceOf(Refused.class);
  }

  @Property
  void any_bytes_in_place_of_some_are_refused(
      @ForAll @IntRange(max = 100_000) int at, @ForAll @Size(min = 2, max = 40) byte[] bytes) {
    byte[] broken = GOOD.clone();
    int start = at % (GOOD.length - bytes.length);
    System.arraycopy(bytes, 0, broken, start, bytes.length);

    if (!Arrays.equals(broken, GOOD)) {
      assertThat(check(broken, EXPECTED)).isInstanceOf(Refused.class);
    }
  }

  private static byte[] nested(int depth) {
    // each level wraps the rest with a two-byte length
    byte[] bytes = new byte[depth * 4];
    for (int i = 0; i < depth; i++) {
      int rest = bytes.length - (i + 1) * 4;
      bytes[i * 4] = 0x30;
      bytes[i * 4 + 1] = (byte) 0x82;
      bytes[i * 4 + 2] = (byte) (rest >> 8);
      bytes[i * 4 + 3] = (byte) rest;
    }
    return bytes;
  }

  private static byte[] signedBy(Leaf operator) {
    return Sealing.seal(HEADER, HEADER, operator, Sealing.CLEAR);
  }

  private static void refused(byte[] sealed, Cause cause, String reason) {
    assertThat(check(sealed, EXPECTED))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.reason()).contains(reason);
              assertThat(refused.cause()).isEqualTo(cause);
            });
  }

  private static Refused checkAt(Instant at) {
    return (Refused)
        new PackageCheck(
                List.of(Sealing.SUBSCRIPTION_ROOT.certificate()), Clock.fixed(at, ZoneOffset.UTC))
            .check(GOOD, EXPECTED);
  }

  private static Verdict check(byte[] sealed, Expected expected) {
    return new PackageCheck(
            List.of(Sealing.SUBSCRIPTION_ROOT.certificate()),
            Clock.fixed(Sealing.NOW, ZoneOffset.UTC))
        .check(sealed, expected);
  }
}
