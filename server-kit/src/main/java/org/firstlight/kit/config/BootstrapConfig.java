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
 * @param sessionsAtOnce {@code bootstrap.sessionsAtOnce}: devices that are served at once; the
 *     others are told when to come back
 * @param plainPort {@code bootstrap.plainPort}: coap without security, on loopback only; absent is
 *     off
 */
public record BootstrapConfig(
    String host,
    int port,
    List<String> names,
    int healthPort,
    int sessionsAtOnce,
    OptionalInt plainPort) {
  public BootstrapConfig {
    names = List.copyOf(names);
    Checks.host(host, "host");
    Checks.port(port, "port");
    Checks.dnsNames(names, "names");
    Checks.port(healthPort, "healthPort");
    Checks.that(
        sessionsAtOnce >= 1 && sessionsAtOnce <= 100_000,
        "sessionsAtOnce",
        "must be from 1 to 100000");
    plainPort.ifPresent(plain -> Checks.port(plain, "plainPort"));
  }
}
