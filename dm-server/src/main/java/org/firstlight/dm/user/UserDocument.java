package org.firstlight.dm.user;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.User;

/**
 * A user as people see and write it; what is marked as told is not written.
 *
 * @param tenant the writer's own if absent; never changes
 * @param state ACTIVE if absent
 * @param hasPassword told: whether it has chosen one
 * @param createdAt told
 * @param lastSignIn told: the last by password
 */
public record UserDocument(
    Optional<String> id,
    Optional<Long> version,
    Optional<String> tenant,
    String displayName,
    Role role,
    Optional<User.State> state,
    Optional<Boolean> hasPassword,
    Optional<Instant> createdAt,
    Optional<Instant> lastSignIn) {
  public static UserDocument of(Stored<User> stored) {
    User user = stored.value();
    return new UserDocument(
        Optional.of(user.id()),
        Optional.of(stored.version()),
        Optional.of(user.tenant()),
        user.displayName(),
        user.role(),
        Optional.of(user.state()),
        Optional.of(user.password().isPresent()),
        Optional.of(user.createdAt()),
        user.lastSignIn());
  }
}
