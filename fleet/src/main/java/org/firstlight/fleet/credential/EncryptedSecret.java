package org.firstlight.fleet.credential;

/**
 * A secret under the key-encryption key, AES-256-GCM.
 *
 * @param keyId which key
 * @param box nonce and ciphertext, base64
 */
public record EncryptedSecret(String keyId, String box) {
  @Override
  public String toString() {
    return "EncryptedSecret[" + keyId + "]";
  }
}
