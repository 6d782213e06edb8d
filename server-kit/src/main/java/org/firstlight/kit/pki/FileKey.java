package org.firstlight.kit.pki;

import java.security.PrivateKey;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A key that was read from its file: it is always there, and signs at once. */
record FileKey(PrivateKey key) implements IssuingKey {
  @Override
  public ContentSigner signer() {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("a P-256 key signs", e);
    }
  }

  @Override
  public Executor executor() {
    return Runnable::run;
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public void close() {
    // nothing is open
  }

  @Override
  public String toString() {
    return "FileKey";
  }
}
