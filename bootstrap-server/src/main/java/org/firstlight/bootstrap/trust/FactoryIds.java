package org.firstlight.bootstrap.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.kit.pki.CertificateNames;

/** Reads a device's factory id from its certificate, where its manufacturer's rule says. */
final class FactoryIds {
  /**
   * The one id that the rule finds.
   *
   * @throws IllegalArgumentException says in words why there is not exactly one good id
   */
  static String read(IdentityRule rule, X509Certificate certificate) {
    List<String> found = CertificateNames.matching(certificate, rule);
    String what = words(rule);
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "its certificate has %s %s, one is wanted"
              .formatted(found.isEmpty() ? "no" : Integer.toString(found.size()), what));
    }
    String id = found.get(0);
    EndpointName.fault(id)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(
                  "its certificate's %s cannot be an id: %s"
                      .formatted(what, fault.replace("endpoint name", "it")));
            });
    return id;
  }

  private static String words(IdentityRule rule) {
    return switch (rule) {
      case COMMON_NAME -> "CN";
      case SUBJECT_SERIAL_NUMBER -> "subject serialNumber";
      case SAN_URI -> "SAN URI";
      case HARDWARE_MODULE_NAME -> "hardwareModuleName";
    };
  }

  private FactoryIds() {}
}
