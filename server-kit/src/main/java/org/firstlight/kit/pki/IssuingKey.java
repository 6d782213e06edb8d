package org.firstlight.kit.pki;

import java.util.Optional;
import java.util.concurrent.Executor;
import org.bouncycastle.operator.ContentSigner;

/** The private key of a CA: in a file, or in a token that may be slow or away. */
interface IssuingKey extends AutoCloseable {
  /**
   * SHA-256 with ECDSA; its signature fails with {@link org.firstlight.kit.token.TokenException}
   * while the key is away.
   */
  ContentSigner signer();

  /** Where signing is to be done, so that nobody else waits for it. */
  Executor executor();

  /** Why it cannot sign now. */
  Optional<String> problem();

  @Override
  void close();
}
