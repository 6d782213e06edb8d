package org.firstlight.simulator.operator;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.pem.PemFiles;
import org.firstlight.simulator.subscription.Subscription;

/** Makes the operator a CSV of random subscriptions in the test network 001/01. */
public final class RandomSubscriptions {
  private static final String TEST_PLMN = "00101";
  private static final SecureRandom RANDOM = new SecureRandom();

  private RandomSubscriptions() {}

  /** One subscription per EID, in a file that the operator alone may read. */
  public static void write(Path csv, Collection<Eid> eids) {
    PemFiles.writeSecret(
        csv,
        eids.stream()
            .map(eid -> SubscriptionList.line(eid, random()))
            .collect(Collectors.joining("\n", SubscriptionList.HEADING + "\n", "\n")));
  }

  static Subscription random() {
    return new Subscription(
        iccid(),
        TEST_PLMN + digits(10),
        bytes(16),
        bytes(16),
        RANDOM.nextInt(10),
        List.of(TEST_PLMN),
        Optional.of(digits(4)),
        Optional.of(digits(8)));
  }

  /** ITU-T E.118: 89, then country and issuer, 19 digits with a Luhn check digit. */
  private static String iccid() {
    String body = "8999901" + digits(11);
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = body.charAt(body.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return body + (10 - sum % 10) % 10;
  }

  private static String digits(int count) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append(RANDOM.nextInt(10));
    }
    return digits.toString();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
