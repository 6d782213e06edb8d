package org.firstlight.kit.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.firstlight.fleet.credential.EncryptedSecret;
import org.firstlight.fleet.credential.KeyEncryption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyEncryptionTest {
  private static final byte[] CLEAR = "cloud-password".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private KeyEncryption keys;

  @BeforeEach
  void open() {
    keys = FileKeyEncryption.open(PrivateFiles.in(folder.resolve("keys")), "kek-1");
  }

  @Test
  void what_was_encrypted_opens_in_its_context() {
    assertThat(keys.decrypt(keys.encrypt(CLEAR, "record a"), "record a")).isEqualTo(CLEAR);
  }

  @Test
  void the_same_secret_never_looks_the_same() {
    assertThat(keys.encrypt(CLEAR, "a")).isNotEqualTo(keys.encrypt(CLEAR, "a"));
  }

  @Test
  void a_secret_moved_to_another_record_does_not_open() {
    EncryptedSecret secret = keys.encrypt(CLEAR, "record a");

    assertThatIllegalStateException().isThrownBy(() -> keys.decrypt(secret, "record b"));
  }

  @Test
  void a_secret_under_another_key_does_not_open() {
    KeyEncryption other = FileKeyEncryption.open(PrivateFiles.in(folder.resolve("other")), "kek-1");
    KeyEncryption named = FileKeyEncryption.open(PrivateFiles.in(folder.resolve("keys")), "kek-2");
    EncryptedSecret secret = keys.encrypt(CLEAR, "a");

    assertThatIllegalStateException().isThrownBy(() -> other.decrypt(secret, "a"));
    assertThatIllegalStateException()
        .isThrownBy(() -> named.decrypt(secret, "a"))
        .withMessageContaining("under a key that is not here");
  }

  @Test
  void a_flipped_bit_anywhere_is_noticed() {
    byte[] box = Base64.getDecoder().decode(keys.encrypt(CLEAR, "a").box());
    for (int bit = 0; bit < box.length * 8; bit++) {
      byte[] broken = box.clone();
      broken[bit / 8] ^= (byte) (1 << bit % 8);
      EncryptedSecret secret =
          new EncryptedSecret("kek-1", Base64.getEncoder().encodeToString(broken));
      assertThatIllegalStateException().isThrownBy(() -> keys.decrypt(secret, "a"));
    }
  }

  @Test
  void torn_and_foreign_boxes_are_refused() {
    for (String box : new String[] {"", "AAAA", "not base64!", "A".repeat(36)}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> keys.decrypt(new EncryptedSecret("kek-1", box), "a"));
    }
  }
}
