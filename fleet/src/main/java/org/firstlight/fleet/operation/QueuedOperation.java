package org.firstlight.fleet.operation;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.device.EndpointName;

/**
 * A request that waits for a device.
 *
 * @param id given by who asks, unique among the device's; the same one again is the same request
 * @param operation as events and the API spell it: "write"
 * @param priority 0 to 9; more goes first
 * @param duplicateKey a later request with the same key takes this one's place; never a secret
 * @param repeatable whether it may be sent again when nobody knows what became of it
 * @param payload what it carries (values, arguments): any of it may be a secret, so it is encrypted
 *     by who asks, under {@link #context}, and gone when the request has ended
 * @param tenant whose request it is
 * @param queuedAt when it was asked first: the same when the call is repeated
 * @param lapses how often a node took it and was not heard of again
 */
public record QueuedOperation(
    String id,
    String operation,
    String path,
    int priority,
    Optional<String> duplicateKey,
    boolean repeatable,
    Optional<EncryptedSecret> payload,
    Optional<String> tenant,
    Instant queuedAt,
    Instant expiresAt,
    int lapses) {
  public QueuedOperation {
    if (id.isEmpty() || id.length() > 64) {
      throw new IllegalArgumentException("an operation's id has 1 to 64 characters");
    }
    if (priority < 0 || priority > 9) {
      throw new IllegalArgumentException("a priority is 0 to 9");
    }
  }

  /** What the payload is bound to when it is encrypted. */
  public static String context(EndpointName endpointName, String id) {
    return "operation " + endpointName + " " + id;
  }

  int payloadSize() {
    return payload.map(secret -> secret.box().length()).orElse(0);
  }

  boolean isDuplicateOf(QueuedOperation other) {
    return duplicateKey.isPresent() && duplicateKey.equals(other.duplicateKey);
  }

  boolean hasExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  QueuedOperation afterLapse() {
    return new QueuedOperation(
        id,
        operation,
        path,
        priority,
        duplicateKey,
        repeatable,
        payload,
        tenant,
        queuedAt,
        expiresAt,
        lapses + 1);
  }
}
