package org.firstlight.dm.api;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.firstlight.dm.inventory.Connections;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.UnreadableCertificateException;

/** Lets a client of one's own in. */
final class ConnectionRoutes {
  private final Connections connections;
  private final Supplier<LwM2mAddresses> addresses;
  private final X509Certificate serverCa;

  ConnectionRoutes(
      Connections connections, Supplier<LwM2mAddresses> addresses, X509Certificate serverCa) {
    this.connections = connections;
    this.addresses = addresses;
    this.serverCa = serverCa;
  }

  record Wish(
      String name, String credential, Optional<String> certificate, Optional<String> host) {}

  record Server(String uri, Optional<String> identity, Optional<String> key) {
    @Override
    public String toString() {
      return "Server[" + uri + "]";
    }
  }

  record View(
      String endpointName,
      String credential,
      Optional<Server> bootstrap,
      Server dm,
      Optional<String> trustAnchor) {}

  Answer create(Call call) {
    Wish wish = call.body(Wish.class);
    EndpointName.fault(wish.name())
        .ifPresent(
            why -> {
              throw Call.refusal(FailureCode.MALFORMED, "name: " + why);
            });
    wish.host().ifPresent(ConnectionRoutes::demandHost);
    EndpointName name = new EndpointName(wish.name());
    LwM2mAddresses at = addresses.get();
    View view =
        switch (wish.credential()) {
          case "psk" -> withPsk(name, wish, at);
          case "certificate" -> withCertificate(name, wish, at);
          case "nosec" -> withoutSecurity(name, wish, at);
          default ->
              throw Call.refusal(FailureCode.MALFORMED, "credential: is psk, certificate or nosec");
        };
    return Answer.created(view).about(name + " " + wish.credential());
  }

  private View withPsk(EndpointName name, Wish wish, LwM2mAddresses at) {
    Connections.Keys keys = Call.demand(connections.withPsk(name));
    return new View(
        name.value(),
        wish.credential(),
        at.bootstrap().map(uri -> server(uri, wish, keys.bootstrap())),
        server(at.dm(), wish, keys.dm()),
        Optional.empty());
  }

  private View withCertificate(EndpointName name, Wish wish, LwM2mAddresses at) {
    String pem =
        wish.certificate()
            .orElseThrow(() -> Call.refusal(FailureCode.MALFORMED, "certificate: is missing"));
    X509Certificate certificate;
    try {
      certificate = Certificates.parseOne(pem.getBytes(StandardCharsets.UTF_8));
    } catch (UnreadableCertificateException unreadable) {
      throw Call.refusal(FailureCode.MALFORMED, "certificate: " + unreadable.getMessage());
    }
    Call.demand(connections.withCertificate(name, certificate));
    return new View(
        name.value(),
        wish.credential(),
        at.bootstrap().map(uri -> server(uri, wish)),
        server(at.dm(), wish),
        Optional.of(Certificates.pem(List.of(serverCa))));
  }

  private View withoutSecurity(EndpointName name, Wish wish, LwM2mAddresses at) {
    URI dm =
        at.dmPlain()
            .orElseThrow(
                () ->
                    Call.refusal(
                        FailureCode.UNSUPPORTED,
                        "plain coap is off here: set dm.plainPort and bootstrap.plainPort"));
    Call.demand(connections.withoutSecurity(name));
    return new View(
        name.value(),
        wish.credential(),
        at.bootstrapPlain()
            .map(uri -> new Server(uri.toString(), Optional.empty(), Optional.empty())),
        new Server(dm.toString(), Optional.empty(), Optional.empty()),
        Optional.empty());
  }

  private static Server server(URI uri, Wish wish) {
    return new Server(reached(uri, wish), Optional.empty(), Optional.empty());
  }

  private static Server server(URI uri, Wish wish, Connections.Psk psk) {
    return new Server(reached(uri, wish), Optional.of(psk.identity()), Optional.of(psk.hex()));
  }

  private static String reached(URI uri, Wish wish) {
    String host = wish.host().orElse(uri.getHost());
    return uri.getScheme() + "://" + host + ":" + uri.getPort();
  }

  private static void demandHost(String host) {
    if (!host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9a-fA-F:]{2,39}\\]")) {
      throw Call.refusal(FailureCode.MALFORMED, "host: is no DNS name or address");
    }
  }
}
