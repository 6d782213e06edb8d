package org.firstlight.bootstrap.revocation;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.RevocationStatus;
import org.firstlight.kit.pki.RevocationList;

/**
 * The revocation lists of all manufacturers, at one moment. Immutable: a fetched list makes a new
 * one.
 *
 * @param lists by {@link RevocationStatus#id}
 */
public record Revocations(Map<String, Held> lists) {
  public static final Revocations NONE = new Revocations(Map.of());

  /**
   * @param list empty while none could be fetched, or what is stored cannot be read
   */
  public record Held(RevocationStatus status, Optional<RevocationList> list) {}

  /**
   * Why a certificate is not good.
   *
   * @param revoked whether it is known to be revoked; else nobody can say that it is not
   */
  public record Finding(boolean revoked, String reason) {}

  public Revocations {
    lists = Map.copyOf(lists);
  }

  /**
   * What the lists of its manufacturer say about a chain. A device's certificate must be in the
   * scope of one that is fresh; that of a CA between must not be in one that names it, or in one
   * that is stale.
   *
   * @param path from the device's certificate up, without the anchor
   */
  public Optional<Finding> fault(
      List<X509Certificate> path, X509Certificate anchor, Manufacturer manufacturer, Instant now) {
    List<RevocationSource> sources = manufacturer.revocationLists();
    if (sources.isEmpty()) {
      return Optional.empty();
    }
    for (int i = 0; i < path.size(); i++) {
      X509Certificate issuer = i + 1 < path.size() ? path.get(i + 1) : anchor;
      Optional<Finding> fault = fault(path.get(i), i == 0, issuer, manufacturer, now);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private Optional<Finding> fault(
      X509Certificate certificate,
      boolean isDevice,
      X509Certificate issuer,
      Manufacturer manufacturer,
      Instant now) {
    boolean inScope = false;
    boolean fresh = false;
    for (RevocationSource source : manufacturer.revocationLists()) {
      Held held = lists.get(RevocationStatus.id(manufacturer.id(), source.url()));
      if (held == null
          || held.list().filter(list -> list.isOf(issuer) && list.covers(certificate)).isEmpty()) {
        continue;
      }
      Optional<RevocationList.Revoked> revoked = held.list().get().find(certificate);
      if (revoked.isPresent()) {
        return Optional.of(new Finding(true, inWords(isDevice, revoked.get())));
      }
      inScope = true;
      fresh |= held.status().isFresh(source, now);
    }
    if (fresh || (!inScope && !isDevice)) {
      return Optional.empty();
    }
    String ca = issuer.getSubjectX500Principal().getName();
    return Optional.of(
        new Finding(
            false,
            inScope
                ? "the revocation list of '%s' is stale: it could not be fetched in time"
                    .formatted(ca)
                : "there is no revocation list of '%s' yet".formatted(ca)));
  }

  private static String inWords(boolean isDevice, RevocationList.Revoked revoked) {
    return "%s was revoked by its issuer at %s%s"
        .formatted(
            isDevice ? "its certificate" : "a CA above its certificate",
            revoked.at(),
            revoked.reason().map(reason -> " (" + reason + ")").orElse(""));
  }
}
