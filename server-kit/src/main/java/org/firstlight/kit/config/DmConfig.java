package org.firstlight.kit.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The LwM2M Server's endpoints.
 *
 * @param host {@code dm.host}: address to listen on
 * @param port {@code dm.port}: coaps; 0 takes a free one
 * @param names {@code dm.names}: DNS names in its certificate, the first also its CN
 * @param publicUri {@code dm.publicUri}: what bootstrap writes to /0/x/0, if it is not the first of
 *     the names with the port; its host must be one of the names, or devices refuse the certificate
 * @param plainPort {@code dm.plainPort}: coap without security, on loopback only; absent is off
 */
public record DmConfig(
    String host, int port, List<String> names, Optional<URI> publicUri, OptionalInt plainPort) {
  public DmConfig {
    names = List.copyOf(names);
    Checks.host(host, "host");
    Checks.port(port, "port");
    Checks.dnsNames(names, "names");
    List<String> ours = names;
    publicUri.ifPresent(
        uri -> {
          Checks.that(
              "coaps".equals(uri.getScheme()) && uri.getHost() != null,
              "publicUri",
              "must look like coaps://host:port");
          Checks.that(
              ours.contains(uri.getHost()),
              "publicUri",
              "has a host that is not among dm.names, so its certificate would not fit");
        });
    plainPort.ifPresent(plain -> Checks.port(plain, "plainPort"));
  }

  /** What devices are told to connect to. */
  public URI uri() {
    return publicUri.orElseGet(() -> URI.create("coaps://%s:%d".formatted(names.get(0), port)));
  }
}
