package org.firstlight.kit.est;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.kit.pki.CertificateNames;

/**
 * A request is for whom its connection has proven. What is issued names the endpoint, whatever was
 * asked for; but a request that names another is refused.
 */
public final class RequestedNames {
  private RequestedNames() {}

  /**
   * @param proven subject of the certificate that the connection showed: clients that have no name
   *     of their own to ask for repeat it
   */
  public static Outcome<CertificateRequest> check(
      CertificateRequest request, EndpointName name, Optional<X500Principal> proven) {
    boolean same =
        request.subject().getEncoded().length == 2
            || proven.filter(request.subject()::equals).isPresent()
            || request.onlyCommonName().filter(name.value()::equals).isPresent();
    if (!same) {
      return refused("its subject is not this device's");
    }
    List<String> own = List.of("uri:" + name.value());
    return request.alternativeNames().isEmpty() || request.alternativeNames().equals(own)
        ? Outcome.done(request)
        : refused("its subject alternative names are not this device's");
  }

  /** For renewal: subject and names are those of the certificate that is renewed, and no others. */
  public static Outcome<CertificateRequest> same(
      CertificateRequest request, X509Certificate renewed) {
    if (!request.subject().equals(renewed.getSubjectX500Principal())) {
      return refused("its subject is not that of the certificate in use");
    }
    List<String> names =
        CertificateNames.sanUris(renewed).stream().map(name -> "uri:" + name).toList();
    return request.alternativeNames().equals(names)
        ? Outcome.done(request)
        : refused("its subject alternative names are not those of the certificate in use");
  }

  private static Outcome<CertificateRequest> refused(String why) {
    return Outcome.refused(FailureCode.MALFORMED, "the request is not taken: " + why);
  }
}
