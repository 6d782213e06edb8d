package org.firstlight.dm.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.firstlight.fleet.failure.Outcome;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
  /** Made by the reference implementation: {@code argon2 somesalt -id -t 2 -m 16 -p 1}. */
  private static final String REFERENCE =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

  @Test
  void password_is_found_in_its_hash_and_no_other_is() {
    String phc = PasswordHash.of("correct horse battery").phc();

    assertThat(phc).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(PasswordHash.parse(phc).matches("correct horse battery")).isTrue();
    assertThat(PasswordHash.parse(phc).matches("correct horse batterz")).isFalse();
    assertThat(PasswordHash.of("correct horse battery").phc()).isNotEqualTo(phc);
  }

  @Test
  void hash_of_the_reference_implementation_is_understood() {
    assertThat(PasswordHash.parse(REFERENCE).matches("password")).isTrue();
    assertThat(PasswordHash.parse(REFERENCE).phc()).isEqualTo(REFERENCE);
    assertThat(PasswordHash.parse(REFERENCE).isWeak()).isFalse();
  }

  @Test
  void weaker_parameters_are_told_from_todays() {
    assertThat(PasswordHash.parse(REFERENCE.replace("m=65536", "m=8192")).isWeak()).isTrue();
    assertThat(PasswordHash.parse(REFERENCE.replace("m=65536,t=2", "m=19456,t=1")).isWeak())
        .isTrue();
    assertThat(PasswordHash.parse(PasswordHash.of("any of today's").phc()).isWeak()).isFalse();
  }

  @Test
  void stored_text_that_is_none_or_would_eat_the_heap_is_refused() {
    for (String bad :
        List.of(
            "",
            "plain",
            REFERENCE.replace("argon2id", "argon2i"),
            REFERENCE.replace("v=19", "v=16"),
            REFERENCE.replace("m=65536", "m=9999999"),
            REFERENCE.replace("t=2", "t=999"))) {
      assertThatThrownBy(() -> PasswordHash.parse(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("a stored password");
    }
  }

  @Test
  void nobodys_password_is_never_right() {
    Passwords passwords = new Passwords();
    assertThat(passwords.matches("nobody has this password", Optional.empty()))
        .isEqualTo(Outcome.done(false));
  }

  @Test
  void password_counts_however_the_keyboard_composes_it() {
    Passwords passwords = new Passwords();
    String stored = passwords.hash("caf\u00e9 au lait, s'il").result().orElseThrow();
    assertThat(passwords.matches("cafe\u0301 au lait, s'il", Optional.of(stored)))
        .isEqualTo(Outcome.done(true));
  }
}
