package org.firstlight.fleet.credential;

/** Encrypts tenant secrets at rest under the key-encryption key. */
public interface KeyEncryption {
  /**
   * @param context bound to the ciphertext: a secret moved to another record does not open
   */
  EncryptedSecret encrypt(byte[] clear, String context);

  /**
   * @throws IllegalStateException if the key is not here or the box does not open in this context
   */
  byte[] decrypt(EncryptedSecret secret, String context);
}
