package org.firstlight.fleet.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One act of one principal. It is written once and never changed.
 *
 * @param tenant whose principal it was
 * @param principal public id of its token
 * @param from the address that the request came from; empty for what an earlier release wrote down
 * @param user id of the user, where it was one
 * @param concerns other tenants that see it: whose device it was then
 * @param action as {@code device.claim} or {@code configuration.put}
 * @param target id of what was acted upon; never a secret
 * @param result {@code ok}, or the code of the refusal
 */
public record AuditEntry(
    Instant at,
    String tenant,
    String principal,
    Optional<String> from,
    Optional<String> user,
    Optional<Set<String>> concerns,
    String action,
    String target,
    String result) {
  /** Home of every entry. */
  public static final String HOME = "audit";

  /** Of no user, and nobody else's concern. */
  public AuditEntry(
      Instant at,
      String tenant,
      String principal,
      Optional<String> from,
      String action,
      String target,
      String result) {
    this(at, tenant, principal, from, Optional.empty(), Optional.empty(), action, target, result);
  }
}
