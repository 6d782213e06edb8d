package org.firstlight.fleet.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * One act of one principal. It is written once and never changed.
 *
 * @param tenant whose principal it was
 * @param principal public id of its token
 * @param from the address that the request came from; empty for what an earlier release wrote down
 * @param action as {@code device.claim} or {@code configuration.put}
 * @param target id of what was acted upon; never a secret
 * @param result {@code ok}, or the code of the refusal
 */
public record AuditEntry(
    Instant at,
    String tenant,
    String principal,
    Optional<String> from,
    String action,
    String target,
    String result) {
  /** Home of every entry. */
  public static final String HOME = "audit";
}
