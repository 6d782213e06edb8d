package org.firstlight.kit.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a server shows to a device at the handshake.
 *
 * @param key P-256
 * @param chain leaf first, then the platform's server CA
 */
public record ServerCredential(PrivateKey key, List<X509Certificate> chain) {
  public ServerCredential {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a server credential has a certificate");
    }
  }

  public X509Certificate certificate() {
    return chain.get(0);
  }

  @Override
  public String toString() {
    return "ServerCredential[" + certificate().getSubjectX500Principal().getName() + "]";
  }
}
