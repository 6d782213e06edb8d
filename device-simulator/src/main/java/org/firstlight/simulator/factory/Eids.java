package org.firstlight.simulator.factory;

import java.math.BigInteger;
import java.util.random.RandomGenerator;
import org.firstlight.fleet.device.Eid;

/** Makes eUICC identifiers whose check digits are right (GSMA SGP.29). */
public final class Eids {
  private static final BigInteger MODULUS = BigInteger.valueOf(97);

  private Eids() {}

  /** {@code 89} for telecommunications, 28 random digits, two check digits. */
  public static Eid random(RandomGenerator random) {
    StringBuilder digits = new StringBuilder("89");
    while (digits.length() < 30) {
      digits.append(random.nextInt(10));
    }
    BigInteger shifted = new BigInteger(digits + "00");
    int check = BigInteger.ONE.subtract(shifted).mod(MODULUS).intValue();
    return new Eid("%s%02d".formatted(digits, check));
  }
}
