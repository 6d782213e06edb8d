package org.firstlight.dm.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An Update as the client sent it (LwM2M Core 1.1.1 §6.2.2); absent is unchanged. */
record UpdateMessage(
    Optional<Duration> lifetime, Optional<String> binding, Optional<String> objectLinks) {

  static UpdateMessage read(List<String> query, byte[] payload) throws UnreadableMessageException {
    Map<String, String> parameters = RegisterMessage.parameters(query);
    Optional<String> links = Optional.empty();
    if (payload.length > 0) {
      ObjectLinks.read(payload);
      links = Optional.of(new String(payload, UTF_8));
    }
    return new UpdateMessage(
        RegisterMessage.lifetime(parameters), RegisterMessage.binding(parameters), links);
  }
}
