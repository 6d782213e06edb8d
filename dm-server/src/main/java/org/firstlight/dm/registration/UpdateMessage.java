package org.firstlight.dm.registration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.registration.Whereabouts;

/** An Update as the client sent it (LwM2M Core 1.1.1 §6.2.2); absent is unchanged. */
record UpdateMessage(
    Optional<Duration> lifetime, Optional<String> binding, Optional<KnownLinks.Sent> links) {

  static UpdateMessage read(List<String> query, byte[] payload, KnownLinks known)
      throws UnreadableMessageException {
    Map<String, String> parameters = RegisterMessage.parameters(query);
    return new UpdateMessage(
        RegisterMessage.lifetime(parameters),
        RegisterMessage.binding(parameters),
        payload.length == 0 ? Optional.empty() : Optional.of(known.read(payload)));
  }

  /** The whereabouts that it makes of those that were. */
  Whereabouts after(Whereabouts before, String address, String node) {
    return new Whereabouts(
        lifetime.orElse(before.lifetime()),
        binding.orElse(before.binding()),
        queueMode(before),
        address,
        node);
  }

  /** LwM2M 1.0 says Queue Mode by a letter of the binding; 1.1 does not touch it here. */
  private boolean queueMode(Whereabouts before) {
    if (binding.isEmpty()) {
      return before.queueMode();
    }
    return binding.get().contains("Q") || before.queueMode() && !before.binding().contains("Q");
  }
}
