package org.firstlight.kit.config;

import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

/**
 * The LwM2M Server's endpoints.
 *
 * @param host {@code dm.host}: address to listen on
 * @param port {@code dm.port}: coaps; 0 takes a free one
 * @param names {@code dm.names}: DNS names in its certificate, the first also its CN
 * @param publicUri {@code dm.publicUri}: what bootstrap writes to /0/x/0; its host must be one of
 *     the names, or devices refuse the certificate
 * @param plainPort {@code dm.plainPort}: coap without security, on loopback only; absent is off
 */
public record DmConfig(
    String host, int port, List<String> names, URI publicUri, OptionalInt plainPort) {
  public DmConfig {
    names = List.copyOf(names);
    Checks.host(host, "host");
    Checks.port(port, "port");
    Checks.dnsNames(names, "names");
    Checks.that(
        "coaps".equals(publicUri.getScheme()) && publicUri.getHost() != null,
        "publicUri",
        "must look like coaps://host:port");
    Checks.that(
        names.contains(publicUri.getHost()),
        "publicUri",
        "has a host that is not among dm.names, so its certificate would not fit");
    plainPort.ifPresent(plain -> Checks.port(plain, "plainPort"));
  }
}
