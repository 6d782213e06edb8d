package org.firstlight.simulator.objects;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.eclipse.leshan.core.util.datatype.ULong;

/**
 * The bootstrap account a device leaves its factory with.
 *
 * @param bootstrapServer coaps URI; its host must stand in the server certificate's SAN
 * @param trustAnchor the CA that the bootstrap server's certificate is issued under
 */
public record FactorySettings(
    URI bootstrapServer, X509Certificate certificate, PrivateKey key, X509Certificate trustAnchor) {
  private static final int TRUST_ANCHOR_ASSERTION = 2;

  void writeTo(StoredInstance account) {
    try {
      account.set(0, bootstrapServer.toString());
      account.set(1, true);
      account.set(2, 2L); // certificate mode
      account.set(3, certificate.getEncoded());
      account.set(4, trustAnchor.getEncoded());
      account.set(5, key.getEncoded());
      account.set(15, ULong.valueOf(TRUST_ANCHOR_ASSERTION));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
