package org.firstlight.fleet.trust;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A manufacturer and the trust that it is given.
 *
 * @param id also the id of its tenant
 * @param anchors its issuing CAs' certificates, PEM
 * @param namespace prefix that the endpoint names of its devices have
 * @param endpointNames explicit endpoint name per factory id; without an entry the endpoint name is
 *     {@code namespace + id}, or the id itself where that already begins with the namespace
 * @param maxPathLength certificates between leaf and anchor that are allowed, 0 for none
 * @param deniedKeys hex SHA-256 of public keys (a device's or a CA's) that are revoked
 * @param unproven the CAs among its anchors that vouch for nobody yet
 * @param revocationLists where its CAs say which certificates are revoked; with any, no certificate
 *     is good of which none of them tells
 * @param hardwareTypes object identifiers of the {@code hwType} (RFC 4108 §5) that its devices'
 *     hardwareModuleName may have; any if there are none
 * @param ocspResponders who is asked about certificates of its CAs; one a CA at most
 * @param shipmentSigners certificates, PEM, whose keys may sign its shipment lists; each is trusted
 *     for itself, whoever issued it
 */
public record Manufacturer(
    String id,
    String name,
    State state,
    List<String> anchors,
    IdentityRule identityRule,
    String namespace,
    Map<String, String> endpointNames,
    int maxPathLength,
    List<String> deniedKeys,
    List<UnprovenAuthority> unproven,
    List<RevocationSource> revocationLists,
    List<String> hardwareTypes,
    List<OcspResponder> ocspResponders,
    List<String> shipmentSigners) {
  public enum State {
    ACTIVE,
    /** Its devices are cut off for a time. */
    SUSPENDED,
    /** Its devices are cut off for good. */
    RETIRED;

    /** As sentences have it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Manufacturer {
    anchors = List.copyOf(anchors);
    endpointNames = Map.copyOf(endpointNames);
    deniedKeys = List.copyOf(deniedKeys);
    unproven = List.copyOf(unproven);
    revocationLists = List.copyOf(revocationLists);
    hardwareTypes = List.copyOf(hardwareTypes);
    ocspResponders = List.copyOf(ocspResponders);
    shipmentSigners = List.copyOf(shipmentSigners);
  }

  /** One that signs no shipment lists. */
  public Manufacturer(
      String id,
      String name,
      State state,
      List<String> anchors,
      IdentityRule identityRule,
      String namespace,
      Map<String, String> endpointNames,
      int maxPathLength,
      List<String> deniedKeys,
      List<UnprovenAuthority> unproven,
      List<RevocationSource> revocationLists,
      List<String> hardwareTypes,
      List<OcspResponder> ocspResponders) {
    this(
        id,
        name,
        state,
        anchors,
        identityRule,
        namespace,
        endpointNames,
        maxPathLength,
        deniedKeys,
        unproven,
        revocationLists,
        hardwareTypes,
        ocspResponders,
        List.of());
  }

  /** Whether it has shown that it holds this CA key, or one that stood before proofs were asked. */
  public boolean hasProven(String keySha256) {
    return unproven.stream().noneMatch(one -> one.keySha256().equals(keySha256));
  }

  public Manufacturer withUnproven(List<UnprovenAuthority> unproven) {
    return new Manufacturer(
        id,
        name,
        state,
        anchors,
        identityRule,
        namespace,
        endpointNames,
        maxPathLength,
        deniedKeys,
        unproven,
        revocationLists,
        hardwareTypes,
        ocspResponders,
        shipmentSigners);
  }

  /** Who tells of the certificates that this CA issued. */
  public Optional<OcspResponder> responderFor(String authority) {
    return ocspResponders.stream().filter(one -> one.authority().equals(authority)).findFirst();
  }

  /**
   * Whether a device's hardware is of a type that this manufacturer makes.
   *
   * @param factoryId as the rule yields it: for a hardwareModuleName it begins with the type
   */
  public boolean makes(String factoryId) {
    return identityRule != IdentityRule.HARDWARE_MODULE_NAME
        || hardwareTypes.isEmpty()
        || hardwareTypes.stream().anyMatch(type -> factoryId.startsWith(type + "-"));
  }

  /** The endpoint name that belongs to this factory id, if it lies in the namespace. */
  public Optional<String> endpointNameOf(String factoryId) {
    String listed = endpointNames.get(factoryId);
    String name =
        listed != null
            ? listed
            : factoryId.startsWith(namespace) ? factoryId : namespace + factoryId;
    return name.startsWith(namespace) ? Optional.of(name) : Optional.empty();
  }
}
