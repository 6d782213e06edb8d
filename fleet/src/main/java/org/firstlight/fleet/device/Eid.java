package org.firstlight.fleet.device;

import java.math.BigInteger;

/** eUICC identifier: 32 decimal digits, the whole number mod 97 is 1 (GSMA SGP.29). */
public record Eid(String value) {
  public Eid {
    if (!value.matches("[0-9]{32}")) {
      throw new IllegalArgumentException("an EID has 32 decimal digits");
    }
    if (new BigInteger(value).mod(BigInteger.valueOf(97)).intValue() != 1) {
      throw new IllegalArgumentException("the EID's check digits are wrong");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
