package org.firstlight.dm.inventory;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.OcspResponder;
import org.firstlight.fleet.trust.RevocationSource;
import org.firstlight.fleet.trust.UnprovenAuthority;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.UnreadableCertificateException;

/**
 * A manufacturer as people write it.
 *
 * @param authorities what is known of each CA of {@code anchors}; told, never taken
 */
public record ManufacturerDocument(
    Optional<String> id,
    Optional<Long> version,
    String name,
    Optional<Manufacturer.State> state,
    List<String> anchors,
    IdentityRule identityRule,
    String namespace,
    Optional<Map<String, String>> endpointNames,
    Optional<Integer> maxPathLength,
    Optional<List<String>> deniedKeys,
    Optional<List<RevocationSource>> revocationLists,
    Optional<List<String>> hardwareTypes,
    Optional<List<OcspResponder>> ocspResponders,
    Optional<List<String>> shipmentSigners,
    Optional<List<Authority>> authorities) {
  private static final int MOST_ANCHORS = 16;
  private static final int MOST_REVOCATION_LISTS = 4;
  private static final int LONGEST_URL = 512;
  private static final int MOST_HARDWARE_TYPES = 100;
  private static final String OBJECT_IDENTIFIER = "[0-2](\\.(0|[1-9][0-9]{0,9})){1,30}";
  private static final int MOST_STALE_HOURS = 31 * 24;
  private static final int MOST_STALE_MINUTES = 7 * 24 * 60;
  private static final int MOST_PATIENCE_SECONDS = 10;
  private static final int MOST_LISTED = 100_000;

  public static ManufacturerDocument of(Stored<Manufacturer> stored) {
    Manufacturer maker = stored.value();
    return new ManufacturerDocument(
        Optional.of(maker.id()),
        Optional.of(stored.version()),
        maker.name(),
        Optional.of(maker.state()),
        maker.anchors(),
        maker.identityRule(),
        maker.namespace(),
        Optional.of(maker.endpointNames()),
        Optional.of(maker.maxPathLength()),
        Optional.of(maker.deniedKeys()),
        Optional.of(maker.revocationLists()),
        Optional.of(maker.hardwareTypes()),
        Optional.of(maker.ocspResponders()),
        Optional.of(maker.shipmentSigners()),
        Optional.of(
            maker.anchors().stream()
                .flatMap(pem -> certificates(pem).stream())
                .map(certificate -> Authority.of(certificate, maker))
                .toList()));
  }

  /** Whether a CA of a manufacturer vouches for its devices. */
  public enum Standing {
    PROVEN,
    /** The manufacturer has yet to show that it holds the key. */
    UNPROVEN,
    /** Its key is among the denied ones. */
    DENIED
  }

  /**
   * One CA of a manufacturer.
   *
   * @param keySha256 hex SHA-256 of its SubjectPublicKeyInfo
   * @param challenge the common name of the certificate that it has to sign, while unproven
   */
  public record Authority(
      String keySha256,
      String subject,
      Instant notBefore,
      Instant notAfter,
      Standing standing,
      Optional<String> challenge) {
    private static Authority of(X509Certificate certificate, Manufacturer maker) {
      String key = Certificates.keySha256(certificate);
      Optional<String> challenge =
          maker.unproven().stream()
              .filter(one -> one.keySha256().equals(key))
              .map(UnprovenAuthority::challenge)
              .findFirst();
      Standing standing =
          maker.deniedKeys().contains(key)
              ? Standing.DENIED
              : challenge.isPresent() ? Standing.UNPROVEN : Standing.PROVEN;
      return new Authority(
          key,
          certificate.getSubjectX500Principal().getName(),
          certificate.getNotBefore().toInstant(),
          certificate.getNotAfter().toInstant(),
          standing,
          challenge.filter(open -> standing == Standing.UNPROVEN));
    }
  }

  /**
   * Checks it whole. A CA that the manufacturer did not have before vouches for nobody until it is
   * proven.
   *
   * @param others every manufacturer that is there: no two share an anchor or a namespace, or one
   *     could vouch for the other's devices
   */
  public Outcome<Manufacturer> check(
      String pathId, List<Manufacturer> others, AuthorityProofs proofs) {
    Optional<Manufacturer> before =
        others.stream().filter(one -> one.id().equals(pathId)).findFirst();
    Manufacturer made =
        new Manufacturer(
            pathId,
            name,
            state.orElse(Manufacturer.State.ACTIVE),
            anchors.stream().map(String::strip).toList(),
            identityRule,
            namespace,
            endpointNames.orElse(Map.of()),
            maxPathLength.orElse(1),
            deniedKeys.orElse(List.of()),
            List.of(),
            revocationLists.orElse(List.of()),
            hardwareTypes.orElse(List.of()),
            ocspResponders.orElse(List.of()),
            shipmentSigners.orElse(List.of()).stream().map(String::strip).toList());
    List<Manufacturer> rest = others.stream().filter(one -> !one.id().equals(pathId)).toList();
    return Texts.name("name", name)
        .or(() -> namespaceFault(made, rest))
        .or(() -> listFault(made))
        .or(() -> revocationFault(made))
        .or(() -> hardwareFault(made))
        .or(() -> responderFault(made))
        .or(() -> ShipmentSigners.fault(made, rest))
        .or(
            () ->
                made.maxPathLength() < 0 || made.maxPathLength() > 5
                    ? Optional.of("maxPathLength: is 0 to 5")
                    : Optional.empty())
        .or(() -> anchorFault(made, rest))
        .<Outcome<Manufacturer>>map(why -> Outcome.refused(FailureCode.MALFORMED, why))
        .orElseGet(() -> Outcome.done(proofs.asked(made, before)));
  }

  private static Optional<String> namespaceFault(Manufacturer made, List<Manufacturer> rest) {
    if (made.namespace().isEmpty() || EndpointName.fault(made.namespace()).isPresent()) {
      return Optional.of("namespace: is not the beginning of an endpoint name");
    }
    return rest.stream()
        .filter(one -> !one.namespace().isEmpty())
        .filter(
            one ->
                one.namespace().startsWith(made.namespace())
                    || made.namespace().startsWith(one.namespace()))
        .findFirst()
        .map(one -> "namespace: overlaps that of manufacturer '%s'".formatted(one.id()));
  }

  private static Optional<String> listFault(Manufacturer made) {
    if (made.endpointNames().size() > MOST_LISTED) {
      return Optional.of("endpointNames: has more than %d entries".formatted(MOST_LISTED));
    }
    boolean outside =
        made.endpointNames().values().stream()
            .anyMatch(
                name -> EndpointName.fault(name).isPresent() || !name.startsWith(made.namespace()));
    if (outside) {
      return Optional.of("endpointNames: one is no endpoint name of the namespace");
    }
    if (new HashSet<>(made.endpointNames().values()).size() < made.endpointNames().size()) {
      return Optional.of("endpointNames: two factory ids have the same");
    }
    return made.deniedKeys().stream().allMatch(key -> key.matches("[0-9a-f]{64}"))
        ? Optional.empty()
        : Optional.of("deniedKeys: one is not 64 lower-case hex digits");
  }

  private static Optional<String> revocationFault(Manufacturer made) {
    List<RevocationSource> sources = made.revocationLists();
    if (sources.size() > MOST_REVOCATION_LISTS) {
      return Optional.of("revocationLists: at most %d".formatted(MOST_REVOCATION_LISTS));
    }
    Set<String> urls = new HashSet<>();
    for (int i = 0; i < sources.size(); i++) {
      RevocationSource source = sources.get(i);
      if (!isFetchable(source.url())) {
        return Optional.of(
            "revocationLists[%d].url: is not an http or https URL of at most %d characters"
                .formatted(i, LONGEST_URL));
      }
      if (source.staleAfterHours() < 1 || source.staleAfterHours() > MOST_STALE_HOURS) {
        return Optional.of(
            "revocationLists[%d].staleAfterHours: is 1 to %d".formatted(i, MOST_STALE_HOURS));
      }
      if (!urls.add(source.url())) {
        return Optional.of("revocationLists[%d].url: is there twice".formatted(i));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> hardwareFault(Manufacturer made) {
    List<String> types = made.hardwareTypes();
    if (types.size() > MOST_HARDWARE_TYPES) {
      return Optional.of("hardwareTypes: at most %d".formatted(MOST_HARDWARE_TYPES));
    }
    if (!types.isEmpty() && made.identityRule() != IdentityRule.HARDWARE_MODULE_NAME) {
      return Optional.of("hardwareTypes: are for the rule HARDWARE_MODULE_NAME");
    }
    return types.stream().allMatch(type -> type.matches(OBJECT_IDENTIFIER))
        ? Optional.empty()
        : Optional.of("hardwareTypes: one is no object identifier such as 1.3.6.1.4.1.32473.1");
  }

  private static Optional<String> responderFault(Manufacturer made) {
    List<OcspResponder> responders = made.ocspResponders();
    Set<String> authorities = new HashSet<>();
    made.anchors().stream()
        .flatMap(pem -> certificates(pem).stream())
        .forEach(one -> authorities.add(Certificates.keySha256(one)));
    for (int i = 0; i < responders.size(); i++) {
      OcspResponder responder = responders.get(i);
      // each CA once: what is left after the first is no CA of it
      if (!authorities.remove(responder.authority())) {
        return Optional.of(
            "ocspResponders[%d].authority: is not the key of one of its CAs, or is there twice"
                .formatted(i));
      }
      if (!isFetchable(responder.url())) {
        return Optional.of(
            "ocspResponders[%d].url: is not an http or https URL of at most %d characters"
                .formatted(i, LONGEST_URL));
      }
      if (responder.staleAfterMinutes() < 1 || responder.staleAfterMinutes() > MOST_STALE_MINUTES) {
        return Optional.of(
            "ocspResponders[%d].staleAfterMinutes: is 1 to %d".formatted(i, MOST_STALE_MINUTES));
      }
      if (responder.patienceSeconds() < 1 || responder.patienceSeconds() > MOST_PATIENCE_SECONDS) {
        return Optional.of(
            "ocspResponders[%d].patienceSeconds: is 1 to %d".formatted(i, MOST_PATIENCE_SECONDS));
      }
    }
    return Optional.empty();
  }

  private static boolean isFetchable(String url) {
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      return url.length() <= LONGEST_URL
          && (scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getFragment() == null;
    } catch (URISyntaxException none) {
      return false;
    }
  }

  private static Optional<String> anchorFault(Manufacturer made, List<Manufacturer> rest) {
    if (made.anchors().isEmpty() || made.anchors().size() > MOST_ANCHORS) {
      return Optional.of("anchors: 1 to %d are wanted".formatted(MOST_ANCHORS));
    }
    Set<String> taken = new HashSet<>();
    rest.stream()
        .flatMap(one -> one.anchors().stream())
        .flatMap(pem -> certificates(pem).stream())
        .forEach(one -> taken.add(Certificates.keySha256(one)));
    for (int i = 0; i < made.anchors().size(); i++) {
      try {
        var certificate = Certificates.parsePem(made.anchors().get(i));
        if (certificate.size() != 1) {
          return Optional.of("anchors[%d]: one certificate each is wanted".formatted(i));
        }
        if (certificate.get(0).getBasicConstraints() < 0) {
          return Optional.of("anchors[%d]: is not a CA's certificate".formatted(i));
        }
        if (taken.contains(Certificates.keySha256(certificate.get(0)))) {
          return Optional.of("anchors[%d]: is another manufacturer's".formatted(i));
        }
      } catch (UnreadableCertificateException unreadable) {
        return Optional.of("anchors[%d]: %s".formatted(i, unreadable.getMessage()));
      }
    }
    return Optional.empty();
  }

  /** None where they cannot be read: what cannot be read vouches for nobody. */
  static List<X509Certificate> certificates(String pem) {
    try {
      return Certificates.parsePem(pem);
    } catch (UnreadableCertificateException unreadable) {
      return List.of();
    }
  }
}
