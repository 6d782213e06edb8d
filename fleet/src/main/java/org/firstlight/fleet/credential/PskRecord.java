package org.firstlight.fleet.credential;

import java.time.Instant;
import org.firstlight.fleet.device.EndpointName;

/**
 * An operational PSK. Its identity is {@code <endpoint name>#<account>#<random>}: it names its
 * endpoint, so it needs no index. The record's id is the identity, its home the endpoint name.
 *
 * @param forBootstrap whether it opens the bootstrap port (a client registered with {@code
 *     connect}), not the DM server
 */
public record PskRecord(
    String identity,
    EndpointName endpointName,
    int account,
    EncryptedSecret key,
    Instant createdAt,
    boolean forBootstrap) {

  /** What its key's ciphertext is bound to. */
  public static String keyContext(String identity) {
    return "psk/" + identity;
  }
}
