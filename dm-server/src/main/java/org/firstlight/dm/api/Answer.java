package org.firstlight.dm.api;

import io.javalin.http.Cookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.failure.Failure;

/**
 * What a route answers.
 *
 * @param body written as JSON
 * @param version of the record in the body, as its ETag
 * @param target what was acted upon, where the path does not say it: for the audit
 * @param refusal in place of all else
 */
record Answer(
    int status,
    Optional<Object> body,
    Optional<Long> version,
    List<Cookie> cookies,
    Optional<String> target,
    Optional<Failure> refusal) {

  static Answer ok(Object body) {
    return of(200, Optional.of(body));
  }

  static Answer created(Object body) {
    return of(201, Optional.of(body));
  }

  /** It will be done. */
  static Answer accepted(Object body) {
    return of(202, Optional.of(body));
  }

  static Answer nothing() {
    return of(204, Optional.empty());
  }

  /** The route has taken the connection for itself. */
  static Answer streamed() {
    return of(0, Optional.empty());
  }

  static Answer refused(Failure failure) {
    return new Answer(
        failure.code().httpStatus(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.of(failure));
  }

  Answer withVersion(long recordVersion) {
    return new Answer(status, body, Optional.of(recordVersion), cookies, target, refusal);
  }

  Answer withCookie(Cookie given) {
    List<Cookie> all = new ArrayList<>(cookies);
    all.add(given);
    return new Answer(status, body, version, List.copyOf(all), target, refusal);
  }

  Answer about(String actedUpon) {
    return new Answer(status, body, version, cookies, Optional.of(actedUpon), refusal);
  }

  private static Answer of(int status, Optional<Object> body) {
    return new Answer(
        status, body, Optional.empty(), List.of(), Optional.empty(), Optional.empty());
  }
}
