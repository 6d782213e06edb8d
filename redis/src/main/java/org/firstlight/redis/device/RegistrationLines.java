package org.firstlight.redis.device;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registration as Redis holds it: one line of what stays, one of what an Update changes. Each
 * begins with its format version.
 *
 * <pre>
 * what stays   1 endpoint account registered-at version links key value key value …
 * contact      1 last-contact lifetime-in-seconds queue-mode binding address node
 * </pre>
 */
final class RegistrationLines {
  private static final Logger log = LoggerFactory.getLogger(RegistrationLines.class);
  private static final String FORMAT = "1";
  private static final int STAYING = 6;
  private static final int CONTACT = 7;

  static String staying(Registration registration) {
    List<String> fields = new ArrayList<>();
    fields.add(FORMAT);
    fields.add(registration.endpointName().value());
    fields.add(Integer.toString(registration.account()));
    fields.add(Long.toString(registration.registeredAt().toEpochMilli()));
    fields.add(registration.lwM2mVersion());
    fields.add(registration.objectLinks());
    registration
        .additional()
        .forEach(
            (key, value) -> {
              fields.add(key);
              fields.add(value);
            });
    return Fields.join(fields);
  }

  static String contact(Registration registration) {
    return Fields.join(
        List.of(
            FORMAT,
            Long.toString(registration.lastContact().toEpochMilli()),
            Long.toString(registration.lifetime().toSeconds()),
            registration.queueMode() ? "1" : "0",
            registration.binding(),
            registration.address(),
            registration.node()));
  }

  /** Empty, and logged, if the lines are not ours: the device registers again. */
  static Optional<Registration> parse(String id, String staying, String contact) {
    try {
      List<String> stays = Fields.split(staying);
      List<String> last = Fields.split(contact);
      require(stays.size() >= STAYING && stays.size() % 2 == 0 && last.size() == CONTACT);
      require(stays.get(0).equals(FORMAT) && last.get(0).equals(FORMAT));
      Map<String, String> additional = new HashMap<>();
      for (int i = STAYING; i < stays.size(); i += 2) {
        additional.put(stays.get(i), stays.get(i + 1));
      }
      return Optional.of(
          new Registration(
              id,
              Integer.parseInt(stays.get(2)),
              new EndpointName(stays.get(1)),
              millis(stays.get(3)),
              millis(last.get(1)),
              Duration.ofSeconds(Long.parseLong(last.get(2))),
              stays.get(4),
              last.get(4),
              last.get(3).equals("1"),
              last.get(5),
              stays.get(5),
              additional,
              last.get(6)));
    } catch (IllegalArgumentException | DateTimeException e) {
      log.warn("registration {} is passed over: it is not in the form of this release", id);
      return Optional.empty();
    }
  }

  private static Instant millis(String text) {
    return Instant.ofEpochMilli(Long.parseLong(text));
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }

  private RegistrationLines() {}
}
