package org.firstlight.kit.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.firstlight.kit.TestCa;
import org.firstlight.kit.TestCa.Leaf;
import org.firstlight.kit.subscription.Receipt.Result;
import org.firstlight.kit.subscription.ReceiptCheck.Expected;
import org.firstlight.kit.subscription.ReceiptCheck.Refused;
import org.firstlight.kit.subscription.ReceiptCheck.Verdict;
import org.firstlight.kit.subscription.ReceiptCheck.Verified;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReceiptCheckTest {
  private static final String PACKAGE_ID = Sealing.header().packageId();
  private static final String SHA256 = "ab".repeat(32);
  private static final Expected EXPECTED = new Expected(Sealing.EID, PACKAGE_ID, SHA256, 5);
  private static final byte[] GOOD =
      Sealing.receipt(receipt(Result.ENABLED), Sealing.EUICC_SIGNING);

  @ParameterizedTest
  @EnumSource
  void a_genuine_receipt_is_verified_whatever_its_result(Result result) {
    Receipt receipt = receipt(result);

    assertThat(check(Sealing.receipt(receipt, Sealing.EUICC_SIGNING)))
        .isEqualTo(new Verified(receipt));
    assertThat(result.words()).isNotBlank();
    assertThat(result.success()).isEqualTo(result == Result.INSTALLED || result == Result.ENABLED);
  }

  @Test
  void a_receipt_of_another_signer_is_refused() {
    Leaf unknown = TestCa.root("eUICC Root").leaf("CN=eUICC,SERIALNUMBER=" + Sealing.EID);
    Leaf other = Sealing.EUICC_ROOT.leaf("CN=eUICC,SERIALNUMBER=" + Sealing.OTHER_EID);

    refused(sign(unknown), "the eUICC's certificate is not trusted");
    refused(sign(other), "the receipt is of another eUICC");
    refused(sign(Sealing.EUICC_AGREEMENT), "not for signatures");
  }

  @Test
  void a_receipt_for_another_package_is_refused() {
    for (Expected other :
        List.of(
            new Expected(Sealing.EID, "ff".repeat(16), SHA256, 5),
            new Expected(Sealing.EID, PACKAGE_ID, "cd".repeat(32), 5),
            new Expected(Sealing.EID, PACKAGE_ID, SHA256, 6))) {
      assertThat(checker().check(GOOD, other))
          .isEqualTo(new Refused("the receipt is for another package"));
    }
  }

  @Test
  void odd_bytes_are_refused() {
    refused(new byte[0], "cut off");
    refused(new byte[SubscriptionFormat.MAX_RECEIPT_BYTES + 1], "too large");
    refused(Sealing.seal(Sealing.header()), "not signed CMS of the form");
    refused(
        Sealing.sign(
            SubscriptionFormat.RECEIPT_CONTENT, new byte[] {0x30, 0}, Sealing.EUICC_SIGNING, null),
        "the receipt does not have its form");
  }

  @Test
  void a_flipped_bit_anywhere_is_refused() {
    for (int bit = 0; bit < GOOD.length * 8; bit++) {
      byte[] broken = GOOD.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(check(broken)).as("bit %d", bit).isInstanceOf(Refused.class);
    }
  }

  private static byte[] sign(Leaf signer) {
    return Sealing.receipt(receipt(Result.INSTALLED), signer);
  }

  private static Receipt receipt(Result result) {
    return new Receipt(
        PACKAGE_ID, result, 5, SHA256, Sealing.NOW, Optional.of("8988211000000000012"));
  }

  private static void refused(byte[] receipt, String reason) {
    assertThat(check(receipt))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }

  private static Verdict check(byte[] receipt) {
    return checker().check(receipt, EXPECTED);
  }

  private static ReceiptCheck checker() {
    return new ReceiptCheck(List.of(Sealing.EUICC_ROOT.certificate()), Clock.systemUTC());
  }
}
