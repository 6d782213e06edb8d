package org.firstlight.kit.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;

/**
 * Secrets at rest under a key in a file: AES-256-GCM, a fresh random nonce each, key id and context
 * as additional data.
 */
final class FileKeyEncryption implements KeyEncryption {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final String keyId;
  private final SecretKey key;
  private final SecureRandom random = new SecureRandom();

  private FileKeyEncryption(String keyId, SecretKey key) {
    this.keyId = keyId;
    this.key = key;
  }

  /** The key of that id in the folder, made if it is not there. */
  static FileKeyEncryption open(PrivateFiles files, String keyId) {
    String name = keyId + ".key";
    if (!files.has(name)) {
      byte[] fresh = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(fresh);
      files.write(name, fresh);
      Arrays.fill(fresh, (byte) 0);
    }
    byte[] bytes = files.read(name);
    if (bytes.length != KEY_BYTES) {
      throw new PkiException(
          "%s is not a key of %d bytes: restore it from its backup"
              .formatted(files.path(name), KEY_BYTES));
    }
    SecretKey key = new SecretKeySpec(bytes, "AES");
    Arrays.fill(bytes, (byte) 0);
    return new FileKeyEncryption(keyId, key);
  }

  @Override
  public EncryptedSecret encrypt(byte[] clear, String context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(clear);
      byte[] box = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, box, NONCE_BYTES, sealed.length);
      return new EncryptedSecret(keyId, Base64.getEncoder().encodeToString(box));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM is not to be had in this JDK", e);
    }
  }

  @Override
  public byte[] decrypt(EncryptedSecret secret, String context) {
    if (!secret.keyId().equals(keyId)) {
      throw new IllegalStateException("the secret is under a key that is not here");
    }
    try {
      byte[] box = Base64.getDecoder().decode(secret.box());
      if (box.length < NONCE_BYTES + TAG_BITS / 8) {
        throw new IllegalStateException("the secret is cut off");
      }
      byte[] nonce = Arrays.copyOf(box, NONCE_BYTES);
      return cipher(Cipher.DECRYPT_MODE, nonce, context)
          .doFinal(box, NONCE_BYTES, box.length - NONCE_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException("the secret does not open in this context", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((keyId + "\n" + context).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
