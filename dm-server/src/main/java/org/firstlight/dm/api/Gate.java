package org.firstlight.dm.api;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.DevicePasses;
import org.firstlight.dm.access.Permission;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.access.SignIn.Caller;
import org.firstlight.dm.audit.Audit;
import org.firstlight.dm.audit.Concerns;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.http.Problem;
import org.firstlight.kit.http.RefusedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every call goes through: who is it, does the page that sends it belong to us, may this role
 * call this route; then the route, and the audit of what it did or refused.
 */
final class Gate {
  static final String COOKIE = "firstlight-session";
  static final String CSRF_HEADER = "X-Firstlight-Csrf";

  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final String BEARER = "Bearer ";
  private static final String DEVICE = "endpointName";

  /** Nothing came near the device: who merely tried is nobody else's to know. */
  private static final Set<FailureCode> UNTOUCHED =
      Set.of(FailureCode.MALFORMED, FailureCode.FORBIDDEN, FailureCode.NOT_FOUND);

  private final SignIn signIn;
  private final DevicePasses passes;
  private final Audit audit;
  private final Concerns concerns;
  private final Cookies cookies;

  Gate(SignIn signIn, DevicePasses passes, Audit audit, Concerns concerns, Cookies cookies) {
    this.signIn = signIn;
    this.passes = passes;
    this.audit = audit;
    this.concerns = concerns;
    this.cookies = cookies;
  }

  void pass(Context ctx, Route route) throws Exception {
    Optional<Caller> caller =
        route.permission() == Permission.SIGN_IN
            ? Optional.empty()
            : Optional.of(admit(ctx, route));
    CompletionStage<Answer> answer = answer(new Call(ctx, caller), route, caller);
    CompletableFuture<Answer> future = answer.toCompletableFuture();
    if (future.isDone()) {
      give(ctx, joined(future));
    } else {
      ctx.future(() -> future.thenAccept(later -> give(ctx, later)));
    }
  }

  private Caller admit(Context ctx, Route route) {
    Optional<Caller> caller =
        route.permission() == Permission.OWN_DEVICE
            ? Optional.ofNullable(ctx.cookie(ClaimPageRoutes.COOKIE))
                .flatMap(passes::find)
                .or(() -> caller(ctx))
            : caller(ctx);
    Caller known =
        caller.orElseThrow(
            () ->
                Call.refusal(FailureCode.UNAUTHENTICATED, "sign in, or send a token that is good"));
    if (route.method() != HandlerType.GET) {
      known.csrf().ifPresent(wanted -> demandCsrf(ctx, wanted));
    }
    Optional<Failure> refusal = route.permission().refuse(known.principal());
    if (refusal.isPresent()) {
      if (!route.action().isEmpty()) {
        // it has no right to know of the device: whose it is, is not looked up for it
        write(known, ctx.ip(), route, target(ctx), FailureCode.FORBIDDEN.name(), Set.of());
      }
      Call.refuse(refusal.get());
    }
    return known;
  }

  private Optional<Caller> caller(Context ctx) {
    String authorization = ctx.header("Authorization");
    if (authorization != null) {
      return authorization.startsWith(BEARER)
          ? signIn.byToken(authorization.substring(BEARER.length()))
          : Optional.empty();
    }
    Optional<SignIn.Used> used = Optional.ofNullable(ctx.cookie(COOKIE)).flatMap(signIn::byCookie);
    used.flatMap(SignIn.Used::cookie).map(cookies::session).ifPresent(ctx::cookie);
    return used.map(SignIn.Used::caller);
  }

  private static void demandCsrf(Context ctx, String wanted) {
    String given = ctx.header(CSRF_HEADER);
    boolean good =
        given != null
            && MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
    if (!good) {
      throw Call.refusal(
          FailureCode.FORBIDDEN, CSRF_HEADER + " does not carry this session's csrf value");
    }
  }

  /** A refusal is an answer too: it is written down like the others. */
  private CompletionStage<Answer> answer(Call call, Route route, Optional<Caller> caller)
      throws Exception {
    if (route.action().isEmpty() || caller.isEmpty()) {
      return route.handling().handle(call);
    }
    Set<String> before = concerned(route, call.ctx().pathParamMap().get(DEVICE));
    CompletionStage<Answer> answer;
    try {
      answer = route.handling().handle(call);
    } catch (RefusedException refused) {
      answer = CompletableFuture.completedStage(Answer.refused(refused.failure()));
    } catch (Exception broken) {
      // part of it may be done: that it was tried is written all the same
      brokenOff(call, route, caller.get(), before);
      throw broken;
    }
    return answer
        .thenCompose(done -> written(call, route, caller.get(), done, before))
        .whenComplete(
            (done, broken) -> {
              if (broken != null) {
                brokenOff(call, route, caller.get(), before);
              }
            });
  }

  private void brokenOff(Call call, Route route, Caller caller, Set<String> concerned) {
    write(
        caller,
        call.ctx().ip(),
        route,
        target(call.ctx()),
        FailureCode.OUTCOME_UNKNOWN.name(),
        concerned);
  }

  /** Nobody, of what is not done to a device. */
  private Set<String> concerned(Route route, @Nullable String device) {
    return device != null && route.action().startsWith("device.")
        ? concerns.of(route.action(), device)
        : Set.of();
  }

  private CompletionStage<Answer> written(
      Call call, Route route, Caller caller, Answer answer, Set<String> before) {
    String target = answer.target().orElseGet(() -> target(call.ctx()));
    String result = answer.refusal().map(failure -> failure.code().name()).orElse("ok");
    // a claim names the device in its answer alone
    Set<String> whose = route.action().equals("device.claim") ? concerned(route, target) : before;
    Set<String> concerned =
        answer.refusal().map(Failure::code).filter(UNTOUCHED::contains).isPresent()
            ? Set.of()
            : whose;
    return write(caller, call.ctx().ip(), route, target, result, concerned)
        .thenApply(done -> answer);
  }

  /** What was done is answered for even if it could not be written down: the log says so then. */
  private CompletionStage<Boolean> write(
      Caller caller,
      String from,
      Route route,
      String target,
      String result,
      Set<String> concerned) {
    return audit
        .record(caller.principal(), from, route.action(), target, result, concerned)
        .handle(
            (stored, away) -> {
              if (away != null) {
                LOG.error(
                    "{} of {} by {} is not in the audit", route.action(), target, caller, away);
              }
              return away == null;
            });
  }

  private static String target(Context ctx) {
    return String.join(" ", ctx.pathParamMap().values());
  }

  private static Answer joined(CompletableFuture<Answer> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static void give(Context ctx, Answer answer) {
    Optional<Failure> refusal = answer.refusal();
    if (refusal.isPresent()) {
      Problem.answer(ctx, refusal.get());
      return;
    }
    if (answer.status() == 0) {
      return;
    }
    answer.version().ifPresent(version -> ctx.header("ETag", "\"" + version + "\""));
    answer.cookies().forEach(ctx::cookie);
    ctx.status(answer.status());
    answer.body().ifPresent(ctx::json);
  }

  /** The refusal that an error of a later answer stands for. */
  static Answer failed(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (cause instanceof DependencyUnavailableException) {
      return Answer.refused(
          Failure.of(FailureCode.DEPENDENCY_UNAVAILABLE, "state cannot be reached just now"));
    }
    LOG.error("an answer that was to come later failed", cause);
    return Answer.refused(Failure.of(FailureCode.INTERNAL, "the server failed; its log says why"));
  }
}
