package org.firstlight.kit.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.firstlight.kit.subscription.SubscriptionHeader.Action;
import org.junit.jupiter.api.Test;

class SubscriptionFormatTest {
  @Test
  void the_encoding_is_the_one_that_is_written_down() {
    SubscriptionHeader header =
        new SubscriptionHeader(
            "00112233445566778899aabbccddeeff",
            "op-1",
            Sealing.EID,
            "ab".repeat(32),
            5,
            Instant.parse("2026-01-02T03:04:05Z"),
            Instant.parse("2027-01-02T03:04:05Z"),
            Action.REPLACE,
            Optional.of("ff".repeat(16)));

    assertThat(HexFormat.of().formatHex(SubscriptionFormat.encode(header)))
        .isEqualTo(
            "308199"
                + "020101"
                + "0410"
                + "00112233445566778899aabbccddeeff"
                + "0c046f702d31"
                + "1220"
                + HexFormat.of().formatHex(Sealing.EID.value().getBytes())
                + "0420"
                + "ab".repeat(32)
                + "020105"
                + "180f32303236303130323033303430355a"
                + "180f32303237303130323033303430355a"
                + "0a0101"
                + "8010"
                + "ff".repeat(16));
  }

  @Property
  void a_header_comes_back_as_it_went(@ForAll("headers") SubscriptionHeader header)
      throws MalformedPackageException {
    assertThat(SubscriptionFormat.decodeHeader(SubscriptionFormat.encode(header)))
        .isEqualTo(header);
  }

  @Property
  void a_receipt_comes_back_as_it_went(@ForAll("receipts") Receipt receipt)
      throws MalformedPackageException {
    assertThat(SubscriptionFormat.decodeReceipt(SubscriptionFormat.encode(receipt)))
        .isEqualTo(receipt);
  }

  @Property
  void any_bytes_are_refused_or_the_one_encoding(@ForAll @Size(max = 250) byte[] bytes) {
    try {
      assertThat(SubscriptionFormat.encode(SubscriptionFormat.decodeHeader(bytes)))
          .isEqualTo(bytes);
    } catch (MalformedPackageException e) {
      assertThat(e.getMessage()).startsWith("the header");
    }
  }

  @Test
  void huge_and_empty_are_refused() {
    for (byte[] bytes : new byte[][] {new byte[0], new byte[2000], {0x30, 0}}) {
      assertThatExceptionOfType(MalformedPackageException.class)
          .isThrownBy(() -> SubscriptionFormat.decodeHeader(bytes));
      assertThatExceptionOfType(MalformedPackageException.class)
          .isThrownBy(() -> SubscriptionFormat.decodeReceipt(bytes));
    }
  }

  @Test
  void only_an_install_stands_alone() {
    SubscriptionHeader good = Sealing.header();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SubscriptionHeader(
                    good.packageId(),
                    good.operatorId(),
                    good.eid(),
                    good.recipientCertSha256(),
                    1,
                    good.notBefore(),
                    good.notAfter(),
                    Action.DELETE,
                    Optional.empty()))
        .withMessage("previousPackageId goes with every action but install");
  }

  @Provide
  Arbitrary<SubscriptionHeader> headers() {
    return Combinators.combine(
            hex(16), operatorIds(), hex(32), counters(), instants(), actions(), hex(16))
        .as(
            (id, operator, certificate, counter, from, action, previous) ->
                new SubscriptionHeader(
                    id,
                    operator,
                    Sealing.EID,
                    certificate,
                    counter,
                    from,
                    from.plusSeconds(1),
                    action,
                    action == Action.INSTALL ? Optional.empty() : Optional.of(previous)));
  }

  @Provide
  Arbitrary<Receipt> receipts() {
    return Combinators.combine(
            hex(16),
            Arbitraries.of(Receipt.Result.values()),
            counters(),
            hex(32),
            instants(),
            Arbitraries.strings().numeric().ofMinLength(18).ofMaxLength(20).optional())
        .as(Receipt::new);
  }

  private static Arbitrary<String> hex(int bytes) {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofSize(bytes)
        .map(array -> HexFormat.of().formatHex(array));
  }

  private static Arbitrary<String> operatorIds() {
    return Arbitraries.strings()
        .withCharRange(' ', '~')
        .withChars('ü', '€')
        .ofMinLength(1)
        .ofMaxLength(64)
        .filter(text -> !text.isBlank());
  }

  private static Arbitrary<Long> counters() {
    return Arbitraries.longs().greaterOrEqual(0);
  }

  private static Arbitrary<Instant> instants() {
    return Arbitraries.longs().between(0, 253402300798L).map(Instant::ofEpochSecond);
  }

  private static Arbitrary<Action> actions() {
    return Arbitraries.of(Action.values());
  }
}
