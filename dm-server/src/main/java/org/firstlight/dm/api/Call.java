package org.firstlight.dm.api;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.inventory.Documents;
import org.firstlight.dm.inventory.IfMatch;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.http.Json;
import org.firstlight.kit.http.RefusedException;

/** One request and who makes it. What is wrong with it leaves as a {@link RefusedException}. */
final class Call {
  private static final int LARGEST_DOCUMENT = 1024 * 1024;
  private static final int MOST_ITEMS = 500;
  private static final int USUAL_ITEMS = 100;

  private final Context ctx;
  private final Optional<SignIn.Caller> caller;

  Call(Context ctx, Optional<SignIn.Caller> caller) {
    this.ctx = ctx;
    this.caller = caller;
  }

  /** Reads a page after a cursor. */
  interface Pager<T> {
    Page<T> page(Optional<String> cursor, int limit);
  }

  /** A list, or what of it fits a page. */
  record Items(List<?> items, Optional<String> next) {
    static Items of(List<?> all) {
      return new Items(all, Optional.empty());
    }

    static <T> Items of(Page<T> page, Function<Stored<T>, Object> view) {
      return new Items(page.items().stream().map(view).toList(), page.next());
    }
  }

  static <T> T demand(Outcome<T> outcome) {
    outcome
        .refusal()
        .ifPresent(
            failure -> {
              throw new RefusedException(failure);
            });
    return outcome.result().orElseThrow();
  }

  static RefusedException refusal(FailureCode code, String reason) {
    return new RefusedException(Failure.of(code, reason));
  }

  static void refuse(Failure failure) {
    throw new RefusedException(failure);
  }

  Context ctx() {
    return ctx;
  }

  /** Who asks; a route that takes a permission always has one. */
  Principal principal() {
    return caller().principal();
  }

  SignIn.Caller caller() {
    return caller.orElseThrow();
  }

  String param(String name) {
    return ctx.pathParam(name);
  }

  /** The id of a record that people name. */
  String id() {
    String id = param("id");
    if (!Texts.isId(id)) {
      throw refusal(
          FailureCode.MALFORMED, "an id has 1 to 64 letters, digits and . _ -, a letter first");
    }
    return id;
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(ctx.queryParam(name)).filter(text -> !text.isBlank());
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(ctx.header(name)).filter(text -> !text.isBlank());
  }

  /** The page that the caller wants, by its cursor and limit. */
  <T> Page<T> page(Pager<T> pager) {
    try {
      return pager.page(query("cursor"), limit());
    } catch (IllegalArgumentException notOurs) {
      throw refusal(FailureCode.MALFORMED, "cursor: is not one of ours");
    }
  }

  int limit() {
    return number("limit", 1, MOST_ITEMS).orElse(USUAL_ITEMS);
  }

  Optional<Integer> number(String name, int least, int most) {
    return query(name)
        .map(
            text -> {
              if (!text.matches("[0-9]{1,6}")
                  || Integer.parseInt(text) < least
                  || Integer.parseInt(text) > most) {
                throw refusal(
                    FailureCode.MALFORMED, "%s: is %d to %d".formatted(name, least, most));
              }
              return Integer.parseInt(text);
            });
  }

  /** What If-Match and If-None-Match say. */
  Documents.Precondition precondition() {
    Optional<Long> version = header("If-Match").map(Call::version);
    return new Documents.Precondition(
        version, header("If-None-Match").filter("*"::equals).isPresent());
  }

  /** What If-Match says to an edit that may do without. */
  IfMatch ifMatch() {
    return new IfMatch(precondition().ifMatch());
  }

  private static Long version(String etag) {
    if (!etag.matches("\"[0-9]{1,18}\"")) {
      throw refusal(FailureCode.MALFORMED, "If-Match: is a version in quotes, as the ETag was");
    }
    return Long.valueOf(etag.substring(1, etag.length() - 1));
  }

  <T> T body(Class<T> type) {
    return body(type, LARGEST_DOCUMENT);
  }

  <T> T body(Class<T> type, int mostBytes) {
    demandType("application/json");
    return demand(Json.read(bytes(mostBytes), type));
  }

  /** The body, read to its end; one that is larger is a 413. */
  byte[] bytes(int most) {
    if (ctx.req().getContentLengthLong() > most) {
      throw tooLarge();
    }
    try {
      byte[] bytes = new PacedBody(ctx.bodyInputStream()).readNBytes(most + 1);
      if (bytes.length > most) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      throw refusal(FailureCode.MALFORMED, "the body was cut off, or came too slowly");
    }
  }

  /** The body as it comes; whoever reads it counts. */
  InputStream stream(long most) {
    if (ctx.req().getContentLengthLong() > most) {
      throw tooLarge();
    }
    return new PacedBody(ctx.bodyInputStream());
  }

  boolean isOfType(String type) {
    String given = ctx.contentType();
    return given != null && given.split(";", 2)[0].strip().equalsIgnoreCase(type);
  }

  void demandType(String type) {
    if (!isOfType(type)) {
      throw new HttpResponseException(415, "the body is " + type, Map.of());
    }
  }

  private static HttpResponseException tooLarge() {
    return new HttpResponseException(413, "the body is too large", Map.of());
  }
}
