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
import org.firstlight.fleet.registration.Whereabouts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registration as Redis holds it: one line of what stays, one of what an Update may change, each
 * beginning with its format version, and its expiry, which every Update moves: the last contact was
 * a Lifetime before that.
 *
 * <pre>
 * what stays   1 endpoint account registered-at version links key value key value …
 * whereabouts  2 lifetime-in-seconds queue-mode binding address node
 * </pre>
 */
final class RegistrationLines {
  private static final Logger log = LoggerFactory.getLogger(RegistrationLines.class);
  private static final String STAYING_FORMAT = "1";
  private static final String WHEREABOUTS_FORMAT = "2";
  private static final int STAYING = 6;
  private static final int WHEREABOUTS = 6;

  static String staying(Registration registration) {
    List<String> fields = new ArrayList<>();
    fields.add(STAYING_FORMAT);
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

  static String whereabouts(Whereabouts whereabouts) {
    return Fields.join(
        List.of(
            WHEREABOUTS_FORMAT,
            Long.toString(whereabouts.lifetime().toSeconds()),
            whereabouts.queueMode() ? "1" : "0",
            whereabouts.binding(),
            whereabouts.address(),
            whereabouts.node()));
  }

  /** Empty, and logged, if the lines are not ours: the device registers again. */
  static Optional<Registration> parse(
      String id, String staying, String whereabouts, String expiryMillis) {
    try {
      List<String> stays = Fields.split(staying);
      require(stays.size() >= STAYING && stays.size() % 2 == 0);
      require(stays.get(0).equals(STAYING_FORMAT));
      Whereabouts now = whereabouts(whereabouts);
      Map<String, String> additional = new HashMap<>();
      for (int i = STAYING; i < stays.size(); i += 2) {
        additional.put(stays.get(i), stays.get(i + 1));
      }
      return Optional.of(
          new Registration(
              id,
              Integer.parseInt(stays.get(2)),
              new EndpointName(stays.get(1)),
              Instant.ofEpochMilli(Long.parseLong(stays.get(3))),
              Instant.ofEpochMilli((long) Double.parseDouble(expiryMillis)).minus(now.lifetime()),
              now.lifetime(),
              stays.get(4),
              now.binding(),
              now.queueMode(),
              now.address(),
              stays.get(5),
              additional,
              now.node()));
    } catch (IllegalArgumentException | DateTimeException e) {
      log.warn("registration {} is passed over: it is not in the form of this release", id);
      return Optional.empty();
    }
  }

  /** Empty, and logged, if the line is not ours. */
  static Optional<Whereabouts> parseWhereabouts(String id, String line) {
    try {
      return Optional.of(whereabouts(line));
    } catch (IllegalArgumentException e) {
      log.warn("registration {} is passed over: it is not in the form of this release", id);
      return Optional.empty();
    }
  }

  private static Whereabouts whereabouts(String line) {
    List<String> fields = Fields.split(line);
    require(fields.size() == WHEREABOUTS && fields.get(0).equals(WHEREABOUTS_FORMAT));
    return new Whereabouts(
        Duration.ofSeconds(Long.parseLong(fields.get(1))),
        fields.get(3),
        fields.get(2).equals("1"),
        fields.get(4),
        fields.get(5));
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException();
    }
  }

  private RegistrationLines() {}
}
