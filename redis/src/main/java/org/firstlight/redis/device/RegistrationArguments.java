package org.firstlight.redis.device;

import java.util.List;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.registration.RegistrationEdit;
import org.firstlight.fleet.state.Shard;
import org.firstlight.redis.pipeline.Bytes;

/** A registration edit as {@code registrations.lua} takes it: its name, the endpoint, its own. */
public final class RegistrationArguments {
  /**
   * @param home the endpoint name
   * @throws IllegalArgumentException if the registration's id does not name the home's shard
   */
  public static List<byte[]> of(RegistrationEdit edit, String home) {
    byte[] endpoint = Bytes.of(home);
    if (edit instanceof RegistrationEdit.Begin begin) {
      Registration registration = begin.registration();
      require(registration, home);
      return List.of(
          Bytes.of("begin"),
          endpoint,
          Bytes.of(registration.id()),
          Bytes.of(registration.account()),
          Bytes.of(RegistrationLines.staying(registration)),
          Bytes.of(RegistrationLines.whereabouts(registration.whereabouts())),
          Bytes.of(registration.expiresAt().toEpochMilli()));
    }
    if (edit instanceof RegistrationEdit.End end) {
      return List.of(Bytes.of("end"), endpoint, Bytes.of(end.id()));
    }
    if (edit instanceof RegistrationEdit.Expire expire) {
      return List.of(
          Bytes.of("expire"),
          endpoint,
          Bytes.of(expire.id()),
          Bytes.of(expire.now().toEpochMilli()),
          Bytes.of(expire.last() ? 1 : 0));
    }
    RegistrationEdit.EndAll all = (RegistrationEdit.EndAll) edit;
    return List.of(Bytes.of("end_all"), endpoint, Bytes.of(all.before().toEpochMilli()));
  }

  private static void require(Registration registration, String home) {
    if (!registration.endpointName().value().equals(home)) {
      throw new IllegalArgumentException("a registration's home is its endpoint");
    }
    if (RedisRegistrations.shardOf(registration.id()).orElse(-1) != Shard.of(home)) {
      throw new IllegalArgumentException("a registration's id is made by newId");
    }
  }

  private RegistrationArguments() {}
}
