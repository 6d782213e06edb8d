package org.firstlight.dm.api;

import io.javalin.http.HandlerType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.firstlight.dm.access.Permission;

/**
 * One line of the table.
 *
 * @param path below {@code /api/v1}, as openapi.yaml spells it
 * @param action how the audit calls it; empty for what only reads
 */
record Route(
    HandlerType method, String path, Permission permission, String action, Handling handling) {

  /** Answers a call, at once or later. */
  @FunctionalInterface
  interface Handling {
    CompletionStage<Answer> handle(Call call) throws Exception;
  }

  /** Answers a call at once. */
  @FunctionalInterface
  interface Prompt {
    Answer handle(Call call) throws Exception;
  }

  static Route get(String path, Permission permission, Prompt handling) {
    return of(HandlerType.GET, path, permission, "", handling);
  }

  static Route post(String path, Permission permission, String action, Prompt handling) {
    return of(HandlerType.POST, path, permission, action, handling);
  }

  static Route put(String path, Permission permission, String action, Prompt handling) {
    return of(HandlerType.PUT, path, permission, action, handling);
  }

  static Route delete(String path, Permission permission, String action, Prompt handling) {
    return of(HandlerType.DELETE, path, permission, action, handling);
  }

  private static Route of(
      HandlerType method, String path, Permission permission, String action, Prompt handling) {
    return new Route(
        method,
        path,
        permission,
        action,
        call -> CompletableFuture.completedStage(handling.handle(call)));
  }
}
