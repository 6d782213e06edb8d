package org.firstlight.dm.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.firstlight.dm.access.Permission;
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
      Optional<Long> expiresInSeconds,
      Optional<Set<String>> scopes) {}

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
      Optional<String> user,
      Optional<Set<String>> scopes,
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
          one.user(),
          one.scopes().map(TreeSet::new),
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
            call.page((cursor, limit) -> tokens.list(call.principal(), cursor, limit, one -> true)),
            stored -> View.of(stored.value(), stored.version(), Optional.empty())));
  }

  Answer create(Call call) {
    Wish wish = call.body(Wish.class);
    Principal by = call.principal();
    if (by.user().isPresent() && !call.caller().inPerson()) {
      throw Call.refusal(FailureCode.CONFLICT, "a user makes tokens where it is signed in");
    }
    Texts.name("name", wish.name())
        .ifPresent(
            why -> {
              throw Call.refusal(FailureCode.MALFORMED, why);
            });
    String tenant = wish.tenant().orElse(by.tenant());
    boolean others = !tenant.equals(by.tenant());
    if (others && !by.administers(tenant)) {
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
    boolean code = use == ApiToken.Use.SIGN_IN;
    if (code && !by.administers(tenant)) {
      throw Call.refusal(FailureCode.FORBIDDEN, "use: a code is an administrator's to give");
    }
    if (code && wish.scopes().isPresent()) {
      throw Call.refusal(FailureCode.MALFORMED, "scopes: are an API token's");
    }
    // a user's token is the user's and ends with it; a code, and another tenant's, are the tenant's
    Optional<String> user = code || others ? Optional.empty() : by.user();
    Optional<Set<String>> scopes = wish.scopes().map(wanted -> scopes(wanted, whose, by, others));
    if (tokens.count(whose.id(), user) >= MOST_OF_A_TENANT) {
      throw Call.refusal(
          FailureCode.CONFLICT,
          "there are %d tokens, the most there may be: delete one".formatted(MOST_OF_A_TENANT));
    }
    Tokens.Issued issued =
        tokens.issue(
            new Tokens.Grant(
                    whose.id(), whose.kind(), wish.name(), use, lifetime(wish, use), user, scopes)
                .endingWith(Optional.empty(), code ? by.user() : Optional.empty()));
    return Answer.created(View.of(issued.token(), FIRST_VERSION, Optional.of(issued.text())))
        .withVersion(FIRST_VERSION)
        .about(issued.token().id());
  }

  /** What it is narrowed to: of what its holder has, at least one. */
  private static Set<String> scopes(
      Set<String> wanted, Tenant whose, Principal by, boolean others) {
    Principal holder = others ? new Principal(whose.id(), whose.kind(), by.tokenId()) : by;
    Set<String> may =
        Arrays.stream(Permission.values())
            .filter(permission -> permission.isScope() && permission.has(holder))
            .map(Enum::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (wanted.isEmpty() || !may.containsAll(wanted)) {
      throw Call.refusal(FailureCode.MALFORMED, "scopes: are some of " + String.join(", ", may));
    }
    return Set.copyOf(wanted);
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
