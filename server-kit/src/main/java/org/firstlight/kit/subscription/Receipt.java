package org.firstlight.kit.subscription;

import java.time.Instant;
import java.util.Optional;

/**
 * What an eUICC says it did with a package; worth nothing until {@link ReceiptCheck} has seen its
 * signature.
 *
 * @param packageId 32 lower-case hex digits
 * @param counter of the package
 * @param packageSha256 64 lower-case hex digits: digest of the whole package as it was received
 * @param time by the eUICC's clock, whole seconds
 * @param iccid of the installed profile
 */
public record Receipt(
    String packageId,
    Result result,
    long counter,
    String packageSha256,
    Instant time,
    Optional<String> iccid) {
  /** The order is the ASN.1 one. */
  public enum Result {
    INSTALLED("it is installed"),
    ENABLED("it is installed and enabled"),
    WRONG_EID("it is for another eUICC"),
    BAD_SIGNATURE("its signature does not verify"),
    UNTRUSTED_OPERATOR("its operator does not chain to a root that the eUICC trusts"),
    NOT_YET_VALID("it is not valid yet"),
    EXPIRED("it has expired"),
    REPLAYED("its counter is not newer than the last one"),
    UNDECRYPTABLE("the eUICC's key does not open it"),
    MALFORMED("it is not a sealed subscription"),
    MEMORY("the eUICC has no room for it"),
    CONFLICT("the eUICC holds another operator's subscription");

    private final String words;

    Result(String words) {
      this.words = words;
    }

    /** Whether the subscription is on the eUICC now. */
    public boolean success() {
      return this == INSTALLED || this == ENABLED;
    }

    /** The same in words, about the package. */
    public String words() {
      return words;
    }
  }

  public Receipt {
    if (!packageId.matches("[0-9a-f]{32}") || !packageSha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a receipt names its package by id and SHA-256");
    }
    if (counter < 0 || time.getNano() != 0) {
      throw new IllegalArgumentException("a receipt has a counter and a time of whole seconds");
    }
    iccid.ifPresent(
        id -> {
          if (!id.matches("[0-9]{18,20}")) {
            throw new IllegalArgumentException("an ICCID has 18 to 20 digits");
          }
        });
  }
}
