package org.firstlight.fleet.trust;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How it stands with the {@link OcspResponder}s of a manufacturer that were asked. */
public record OcspStatus(String manufacturer, List<Health> responders) {
  /**
   * One of them, over all servers.
   *
   * @param answers how many questions it answered so that the answer counted
   * @param failures how many it did not
   * @param fault why it gave no answer the last time, one sentence; empty if it gave one
   */
  public record Health(
      String authority,
      String url,
      long answers,
      long failures,
      Optional<Instant> answeredAt,
      Optional<Instant> failedAt,
      Optional<String> fault) {
    public static Health none(OcspResponder responder) {
      return new Health(
          responder.authority(),
          responder.url(),
          0,
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    public boolean isOf(OcspResponder responder) {
      return authority.equals(responder.authority()) && url.equals(responder.url());
    }
  }

  public OcspStatus {
    responders = List.copyOf(responders);
  }

  /** That of this responder; one that was never asked has no counts. */
  public Health of(OcspResponder responder) {
    return responders.stream()
        .filter(one -> one.isOf(responder))
        .findFirst()
        .orElseGet(() -> Health.none(responder));
  }
}
