package org.firstlight.kit.pki;

import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.firstlight.kit.token.Token;

/** A key in a token: it is told digests and answers signatures, on a thread of its own. */
final class TokenKey implements IssuingKey {
  private static final int MOST_WAITING = 1000;

  private final Token token;
  private final ThreadPoolExecutor work =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          task -> {
            Thread thread = new Thread(task, "token-issuing");
            thread.setDaemon(true);
            return thread;
          });

  TokenKey(Token token) {
    this.token = token;
  }

  @Override
  public ContentSigner signer() {
    MessageDigest sha256 = sha256();
    OutputStream in = new DigestOutputStream(OutputStream.nullOutputStream(), sha256);
    return new ContentSigner() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
      }

      @Override
      public OutputStream getOutputStream() {
        return in;
      }

      @Override
      public byte[] getSignature() {
        return token.sign(sha256.digest());
      }
    };
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public Executor executor() {
    return work;
  }

  @Override
  public Optional<String> problem() {
    return token.problem();
  }

  @Override
  public void close() {
    work.shutdown();
    token.close();
  }
}
