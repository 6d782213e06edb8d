package org.firstlight.redis.node;

import java.util.Optional;

/**
 * Who signs in.
 *
 * @param user ACL user; empty for the default user
 */
public record Login(Optional<String> user, Optional<String> password) {
  public static final Login NONE = new Login(Optional.empty(), Optional.empty());

  /** Without the password. */
  @Override
  public String toString() {
    return user.orElse("default");
  }
}
