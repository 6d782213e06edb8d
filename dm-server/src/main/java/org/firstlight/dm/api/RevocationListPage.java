package org.firstlight.dm.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import org.firstlight.dm.certificate.RevocationListView;
import org.firstlight.dm.certificate.RevocationListView.Copy;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.http.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The operational CA's CRL for everybody, from memory: no sign-in, and nothing to choose. It may be
 * kept for a while, and is not sent again to who has it.
 */
final class RevocationListPage {
  static final String PATH = "/crl/operational-ca.crl";

  private static final String TYPE = "application/pkix-crl";
  private static final Duration LONGEST_AGE = Duration.ofHours(1);

  private final RevocationListView lists;
  private final Clock clock;

  RevocationListPage(RevocationListView lists, Clock clock) {
    this.lists = lists;
    this.clock = clock;
  }

  void add(RoutesConfig routes) {
    routes.get(PATH, this::show);
  }

  private void show(Context ctx) {
    Optional<Copy> current = lists.current();
    if (current.isEmpty()) {
      Problem.answer(ctx, Failure.of(FailureCode.DEPENDENCY_UNAVAILABLE, "there is no CRL yet"));
      return;
    }
    Copy copy = current.get();
    String etag = "\"" + copy.list().sha256() + "\"";
    Duration left = Duration.between(clock.instant(), copy.list().nextUpdate());
    long age = Math.max(0, Math.min(left.toSeconds(), LONGEST_AGE.toSeconds()));
    ctx.header("ETag", etag);
    ctx.header("Cache-Control", "public, max-age=" + age);
    ctx.header("Cross-Origin-Resource-Policy", "cross-origin");
    ctx.header(
        "Last-Modified",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            copy.list().thisUpdate().atOffset(ZoneOffset.UTC)));
    if (names(ctx.header("If-None-Match"), etag)) {
      ctx.status(304);
      return;
    }
    ctx.contentType(TYPE).result(copy.der());
  }

  private static boolean names(@Nullable String header, String etag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(one -> one.strip().replaceFirst("^W/", ""))
            .anyMatch(one -> one.equals(etag) || one.equals("*"));
  }
}
