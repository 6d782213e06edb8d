package org.firstlight.dm.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.Tenant;

/** API tokens and one-time codes. */
final class TokenRoutes {
  private static final long FIRST_VERSION = 1;
  private static final int MOST_OF_A_TENANT = 200;
  private static final long CODE_SECONDS = 3600;
  private static final long LONGEST_CODE_SECONDS = 86_400;

  private final BlockingState state;
  private final Tokens tokens;

  TokenRoutes(BlockingState state, Tokens tokens) {
    this.state = state;
    this.tokens = tokens;
  }

  record Wish(
      String name,
      Optional<ApiToken.Use> use,
      Optional<String> tenant,
      Optional<Long> expiresInSeconds) {}

  /**
   * @param token shown once, when it is made
   */
  record View(
      String id,
      String tenant,
      Tenant.Kind kind,
      String name,
      ApiToken.Use use,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<String> token,
      long version) {
    static View of(ApiToken one, long version, Optional<String> text) {
      return new View(
          one.id(),
          one.tenant(),
          one.kind(),
          one.name(),
          one.use(),
          one.createdAt(),
          one.expiresAt(),
          text,
          version);
    }

    @Override
    public String toString() {
      return "View[" + id + "]";
    }
  }

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(
            call.page((cursor, limit) -> tokens.list(call.principal(), cursor, limit)),
            stored -> View.of(stored.value(), stored.version(), Optional.empty())));
  }

  Answer create(Call call) {
    Wish wish = call.body(Wish.class);
    Principal by = call.principal();
    Texts.name("name", wish.name())
        .ifPresent(
            why -> {
              throw Call.refusal(FailureCode.MALFORMED, why);
            });
    String tenant = wish.tenant().orElse(by.tenant());
    if (!by.isAdministrator() && !tenant.equals(by.tenant())) {
      throw Call.refusal(FailureCode.FORBIDDEN, "tenant: is not yours");
    }
    Tenant whose =
        state
            .find(Kinds.TENANT, tenant)
            .map(Stored::value)
            .orElseThrow(() -> Call.refusal(FailureCode.MALFORMED, "tenant: is not known"));
    ApiToken.Use use = wish.use().orElse(ApiToken.Use.API);
    if (use == ApiToken.Use.SESSION) {
      throw Call.refusal(FailureCode.MALFORMED, "use: is API or SIGN_IN");
    }
    if (tokens.count(whose.id()) >= MOST_OF_A_TENANT) {
      throw Call.refusal(
          FailureCode.CONFLICT,
          "the tenant has %d tokens, the most there may be: delete one"
              .formatted(MOST_OF_A_TENANT));
    }
    Tokens.Issued issued =
        tokens.issue(whose.id(), whose.kind(), wish.name(), use, lifetime(wish, use));
    return Answer.created(View.of(issued.token(), FIRST_VERSION, Optional.of(issued.text())))
        .withVersion(FIRST_VERSION)
        .about(issued.token().id());
  }

  private static Optional<Duration> lifetime(Wish wish, ApiToken.Use use) {
    boolean code = use == ApiToken.Use.SIGN_IN;
    Optional<Long> seconds =
        code
            ? wish.expiresInSeconds().or(() -> Optional.of(CODE_SECONDS))
            : wish.expiresInSeconds();
    long most = code ? LONGEST_CODE_SECONDS : Integer.MAX_VALUE;
    if (seconds.filter(given -> given < 1 || given > most).isPresent()) {
      throw Call.refusal(FailureCode.MALFORMED, "expiresInSeconds: is 1 to " + most);
    }
    return seconds.map(Duration::ofSeconds);
  }

  Answer delete(Call call) {
    Stored<ApiToken> token =
        tokens
            .findById(call.id(), call.principal())
            .orElseThrow(() -> Call.refusal(FailureCode.NOT_FOUND, "there is no such token"));
    IfMatch ifMatch = call.ifMatch();
    ifMatch.refuse(token.version()).ifPresent(Call::refuse);
    if (!tokens.revoke(token)) {
      Call.refuse(IfMatch.lost());
    }
    return Answer.nothing();
  }
}
