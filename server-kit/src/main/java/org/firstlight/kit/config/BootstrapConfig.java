package org.firstlight.kit.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * The LwM2M Bootstrap-Server's endpoints.
 *
 * @param host {@code bootstrap.host}: address to listen on
 * @param port {@code bootstrap.port}: coaps; 0 takes a free one
 * @param names {@code bootstrap.names}: DNS names in its certificate, the first also its CN
 * @param healthPort {@code bootstrap.healthPort}: health and metrics by HTTP on loopback; 0 takes a
 *     free one
 * @param plainPort {@code bootstrap.plainPort}: coap without security, on loopback only; absent is
 *     off
 */
public record BootstrapConfig(
    String host, int port, List<String> names, int healthPort, OptionalInt plainPort) {
  public BootstrapConfig {
    names = List.copyOf(names);
    Checks.host(host, "host");
    Checks.port(port, "port");
    Checks.dnsNames(names, "names");
    Checks.port(healthPort, "healthPort");
    plainPort.ifPresent(plain -> Checks.port(plain, "plainPort"));
  }
}
