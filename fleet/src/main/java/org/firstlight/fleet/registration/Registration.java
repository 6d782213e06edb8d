package org.firstlight.fleet.registration;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.firstlight.fleet.device.EndpointName;

/**
 * A device's registration with one server account (LwM2M Core 1.1.1 §6.2).
 *
 * @param id at most 12 bytes, the first two the shard in hex
 * @param account short server id of the account
 * @param lwM2mVersion as the client said it, "1.0", "1.1", "1.2"
 * @param binding as the client said it, or "U"
 * @param queueMode whether requests wait until the device is heard of
 * @param address the device's, as host:port
 * @param objectLinks the payload of the Register, CoRE link format
 * @param additional further query parameters
 * @param node the server process that holds the connection
 */
public record Registration(
    String id,
    int account,
    EndpointName endpointName,
    Instant registeredAt,
    Instant lastContact,
    Duration lifetime,
    String lwM2mVersion,
    String binding,
    boolean queueMode,
    String address,
    String objectLinks,
    Map<String, String> additional,
    String node) {
  public Registration {
    additional = Map.copyOf(additional);
  }

  public Instant expiresAt() {
    return lastContact.plus(lifetime);
  }

  public Whereabouts whereabouts() {
    return new Whereabouts(lifetime, binding, queueMode, address, node);
  }
}
