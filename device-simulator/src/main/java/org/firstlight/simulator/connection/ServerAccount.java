package org.firstlight.simulator.connection;

import java.net.URI;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An account as /0 and /1 hold it together.
 *
 * @param shortServerId 0 for the bootstrap server
 * @param registration what /1 says; empty for the bootstrap server
 */
public record ServerAccount(
    int shortServerId, URI uri, Credential credential, Optional<RegistrationTerms> registration) {

  /** How the device proves itself to the server, and the server to it. */
  public sealed interface Credential {}

  /**
   * @param chain leaf first
   * @param serverTrust /0/x/4, read as {@code usage} says
   * @param usage certificate usage, LwM2M Core 1.1.1 §E.1 Resource 15
   * @param trustStore the device's own anchors
   */
  public record Certificate(
      PrivateKey key,
      List<X509Certificate> chain,
      X509Certificate serverTrust,
      int usage,
      List<X509Certificate> trustStore)
      implements Credential {
    public Certificate {
      chain = List.copyOf(chain);
      trustStore = List.copyOf(trustStore);
    }
  }

  /**
   * Security mode 1.
   *
   * @param serverKey the one that the server has to prove
   */
  public record RawPublicKey(PrivateKey key, PublicKey publicKey, PublicKey serverKey)
      implements Credential {
    @Override
    public String toString() {
      return "RawPublicKey[]";
    }
  }

  /** Security mode 4, before the device has its certificate. */
  public record ToEnrol() implements Credential {}

  public record Psk(String identity, byte[] key) implements Credential {
    @Override
    public String toString() {
      return "Psk[identity=" + identity + "]";
    }
  }

  /** Whether it can be used as it is. */
  public boolean isUsable() {
    return !(credential instanceof ToEnrol);
  }

  /**
   * @param lifetime /1/x/1
   * @param binding /1/x/7, as U or UQ
   */
  public record RegistrationTerms(Duration lifetime, String binding) {}

  public boolean isBootstrap() {
    return registration.isEmpty();
  }

  public String host() {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  public int port() {
    return uri.getPort() > 0 ? uri.getPort() : 5684;
  }
}
