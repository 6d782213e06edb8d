package org.firstlight.fleet.trust;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How it stands with one {@link RevocationSource}.
 *
 * @param manufacturer whose source it is
 * @param triedAt when it was last asked
 * @param fault why that gave no list, one sentence; empty if it gave one
 * @param held the list that holds; empty while there was none yet
 */
public record RevocationStatus(
    String manufacturer, String url, Instant triedAt, Optional<String> fault, Optional<Held> held) {
  private static final int ID_BYTES = 16;

  /**
   * A list that was fetched and taken.
   *
   * @param issuer the CA's name, as the list has it
   * @param sha256 hex, of its DER
   * @param fetchedAt when it was last fetched, changed or not
   * @param thisUpdate when the CA made it
   * @param nextUpdate when the CA will have made another at the latest
   * @param revoked how many certificates it names
   */
  public record Held(
      String issuer,
      String sha256,
      Instant fetchedAt,
      Instant thisUpdate,
      Optional<Instant> nextUpdate,
      int revoked) {}

  /** Id and home of the source's records. */
  public static String id(String manufacturer, String url) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((manufacturer + "\n" + url).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public String id() {
    return id(manufacturer, url);
  }

  /** Whether its list still vouches for devices. */
  public boolean isFresh(RevocationSource source, Instant now) {
    return held.filter(list -> !now.isAfter(list.fetchedAt().plus(source.staleAfter())))
        .isPresent();
  }
}
