package org.firstlight.kit.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The API and the console.
 *
 * @param host {@code http.host}: address to listen on; other than loopback only with {@code tls} or
 *     behind a trusted proxy
 * @param port {@code http.port}: 0 takes a free one
 * @param publicUrl {@code http.publicUrl}: how people reach it, for links that are printed
 * @param tls {@code http.tls}: certificate and key, both PEM
 * @param trustedProxy {@code http.trustedProxy}: a proxy in front ends TLS, and its {@code
 *     X-Forwarded-For} is believed
 */
public record HttpConfig(
    String host, int port, Optional<URI> publicUrl, Optional<Tls> tls, boolean trustedProxy) {
  /**
   * @param certificate {@code http.tls.certificate}: PEM file, leaf first
   * @param key {@code http.tls.key}: PEM file, PKCS#8, readable by its owner alone
   */
  public record Tls(Path certificate, Path key) {
    public Tls {
      Checks.present(certificate, "certificate");
      Checks.present(key, "key");
    }
  }

  public HttpConfig {
    Checks.host(host, "host");
    Checks.port(port, "port");
    publicUrl.ifPresent(
        url ->
            Checks.that(
                ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                    && url.getHost() != null,
                "publicUrl",
                "must look like https://host"));
    Checks.that(
        Checks.isLoopback(host) || tls.isPresent() || trustedProxy,
        "host",
        "is not a loopback address: set http.tls, or http.trustedProxy if a proxy ends TLS");
  }
}
