package org.firstlight.dm.access;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;

/**
 * Lets the one who starts the platform in: there is no default password. Used by whoever runs in
 * the process itself, never by the API.
 */
public final class FirstAdministrator {
  /** Id of the platform operator's tenant. */
  public static final String TENANT = Tenant.PLATFORM;

  private final BlockingState state;
  private final Tokens tokens;
  private final Clock clock;

  public FirstAdministrator(FleetState records, Clock clock) {
    this.state = new BlockingState(records);
    this.tokens = new Tokens(state, clock);
    this.clock = clock;
  }

  /**
   * Whether no administrator can come in by itself, so that {@code up} prints a code: none is
   * signed in now, and none has a password.
   */
  public boolean isMissing() {
    boolean canSignIn =
        !state
            .listAll(
                Kinds.USER,
                user ->
                    user.tenant().equals(TENANT)
                        && user.role() == Role.ADMINISTRATOR
                        && user.state() == User.State.ACTIVE
                        && user.password().isPresent())
            .isEmpty();
    return !canSignIn
        && state
            .listAll(
                Kinds.TOKEN,
                token ->
                    token.kind() == Tenant.Kind.PLATFORM_OPERATOR
                        && token.use() == ApiToken.Use.SESSION
                        && token.expiresAt().filter(clock.instant()::isBefore).isPresent())
            .isEmpty();
  }

  /** A code that signs the administrator in once, within this time. */
  public String oneTimeCode(Duration lifetime) {
    return issue("first administrator", ApiToken.Use.SIGN_IN, Optional.of(lifetime));
  }

  /** An address that signs in once when it is opened; what follows # stays in the browser. */
  public String oneTimeLink(String consoleUrl, Duration lifetime) {
    String base = consoleUrl.endsWith("/") ? consoleUrl : consoleUrl + "/";
    return base + "#/sign-in?code=" + oneTimeCode(lifetime);
  }

  /**
   * An administrator's API token, for a program that this process runs; an earlier one of this name
   * is good no longer.
   */
  public String apiToken(String name) {
    state
        .listAll(Kinds.TOKEN, token -> isOurs(token, name))
        .forEach(
            earlier ->
                state.commit(
                    Change.in(earlier.id())
                        .delete(Kinds.TOKEN, earlier.id(), Change.ANY_VERSION)
                        .build()));
    return issue(name, ApiToken.Use.API, Optional.empty());
  }

  private static boolean isOurs(ApiToken token, String name) {
    return token.tenant().equals(TENANT)
        && token.user().isEmpty()
        && token.use() == ApiToken.Use.API
        && token.name().equals(name);
  }

  private String issue(String name, ApiToken.Use use, Optional<Duration> lifetime) {
    Tenant platform =
        new Tenant(
            TENANT,
            "Platform operator",
            Tenant.Kind.PLATFORM_OPERATOR,
            Optional.empty(),
            Optional.empty());
    // a conflict means that it is there
    state.commit(Change.in(TENANT).put(Kinds.TENANT, TENANT, 0, platform).build());
    return tokens.issue(TENANT, Tenant.Kind.PLATFORM_OPERATOR, name, use, lifetime).text();
  }
}
