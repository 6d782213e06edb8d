package org.firstlight.dm.api;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  private final Set<String> serverNames;

  /**
   * @param serverNames DNS names that both servers' certificates carry
   */
  ConnectionRoutes(
      Connections connections,
      Supplier<LwM2mAddresses> addresses,
      X509Certificate serverCa,
      Set<String> serverNames) {
    this.connections = connections;
    this.addresses = addresses;
    this.serverCa = serverCa;
    this.serverNames = Set.copyOf(serverNames);
  }

  record Wish(
      String name, String credential, Optional<String> certificate, Optional<String> host) {}

  /**
   * @param certificate to show to this server in the place of the client's own, over the same key
   */
  record Server(
      String uri, Optional<String> identity, Optional<String> key, Optional<String> certificate) {
    static Server open(URI uri) {
      return new Server(uri.toString(), Optional.empty(), Optional.empty(), Optional.empty());
    }

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
    Connections.Keys keys = Call.demand(connections.withPsk(name, moved(at.dm(), wish)));
    return new View(
        name.value(),
        wish.credential(),
        at.bootstrap().map(uri -> server(uri, wish, keys.bootstrap())),
        server(at.dm(), wish, keys.dm()),
        Optional.empty());
  }

  private View withCertificate(EndpointName name, Wish wish, LwM2mAddresses at) {
    wish.host().ifPresent(this::demandName);
    X509Certificate operational =
        Call.demand(connections.withCertificate(name, certificate(wish), moved(at.dm(), wish)));
    return new View(
        name.value(),
        wish.credential(),
        at.bootstrap().map(uri -> Server.open(reached(uri, wish))),
        new Server(
            reached(at.dm(), wish).toString(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(Certificates.pem(List.of(operational)))),
        Optional.of(Certificates.pem(List.of(serverCa))));
  }

  private static X509Certificate certificate(Wish wish) {
    String pem =
        wish.certificate()
            .orElseThrow(() -> Call.refusal(FailureCode.MALFORMED, "certificate: is missing"));
    try {
      return Certificates.parseOne(pem.getBytes(StandardCharsets.UTF_8));
    } catch (UnreadableCertificateException unreadable) {
      throw Call.refusal(FailureCode.MALFORMED, "certificate: " + unreadable.getMessage());
    }
  }

  private View withoutSecurity(EndpointName name, Wish wish, LwM2mAddresses at) {
    if (wish.host().isPresent()) {
      throw Call.refusal(
          FailureCode.MALFORMED, "host: a client without security comes from this machine");
    }
    URI dm =
        at.dmPlain()
            .orElseThrow(
                () ->
                    Call.refusal(
                        FailureCode.UNSUPPORTED,
                        "plain coap is off here: set dm.plainPort and bootstrap.plainPort"));
    Call.demand(connections.withoutSecurity(name, dm));
    return new View(
        name.value(),
        wish.credential(),
        at.bootstrapPlain().map(Server::open),
        Server.open(dm),
        Optional.empty());
  }

  private static Server server(URI uri, Wish wish, Connections.Psk psk) {
    return new Server(
        reached(uri, wish).toString(),
        Optional.of(psk.identity()),
        Optional.of(psk.hex()),
        Optional.empty());
  }

  /** Where the client finds the LwM2M Server, if not where every device does. */
  private static Optional<URI> moved(URI dm, Wish wish) {
    return wish.host().map(host -> reached(dm, wish));
  }

  private static URI reached(URI uri, Wish wish) {
    String host = wish.host().orElse(uri.getHost());
    return URI.create(uri.getScheme() + "://" + host + ":" + uri.getPort());
  }

  private void demandName(String host) {
    if (!serverNames.contains(host)) {
      throw Call.refusal(
          FailureCode.MALFORMED,
          "host: is not in both servers' certificates; add it to bootstrap.names and dm.names");
    }
  }

  private static void demandHost(String host) {
    if (!host.matches("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\\[[0-9a-fA-F:]{2,39}\\]")) {
      throw Call.refusal(FailureCode.MALFORMED, "host: is no DNS name or address");
    }
  }
}
