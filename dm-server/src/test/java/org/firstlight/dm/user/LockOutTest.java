package org.firstlight.dm.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.firstlight.dm.access.Network;
import org.junit.jupiter.api.Test;

class LockOutTest {
  private final Ticking clock = new Ticking();
  private final LockOut lockOut = new LockOut(clock);

  private static final class Ticking extends Clock {
    private Instant now = Instant.parse("2026-11-27T08:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private boolean mayTry(String account, String address) {
    return lockOut.begin(new LockOut.Try(account, address, Optional.empty())).isEmpty();
  }

  private boolean mayTry(String account, String address, String browser) {
    return lockOut.begin(new LockOut.Try(account, address, Optional.of(browser))).isEmpty();
  }

  @Test
  void guessing_one_account_from_one_network_ends_after_five_tries() {
    for (int i = 0; i < 5; i++) {
      assertThat(mayTry("anna", "192.0.2.7")).isTrue();
    }
    assertThat(mayTry("anna", "192.0.2.7")).isFalse();
    assertThat(mayTry("anna", "192.0.2.8")).as("another network").isTrue();
    assertThat(mayTry("bert", "192.0.2.7")).as("another account").isTrue();
    clock.now = clock.now.plus(Duration.ofMinutes(16));
    assertThat(mayTry("anna", "192.0.2.7")).isTrue();
  }

  @Test
  void guessing_many_accounts_from_one_network_ends_after_ten_tries_a_minute() {
    for (int i = 0; i < 10; i++) {
      assertThat(mayTry("user" + i, "2001:db8:0:1::" + i)).isTrue();
    }
    assertThat(mayTry("anna", "2001:db8:0:1:ffff::1")).as("the same /64").isFalse();
    assertThat(mayTry("anna", "2001:db8:0:2::1")).isTrue();
  }

  @Test
  void whole_world_that_guesses_an_account_does_not_lock_its_user_out() {
    int tried = 0;
    for (int i = 0; i < 1000; i++) {
      tried += mayTry("anna", "198.51.%d.%d".formatted(i / 250, i % 250)) ? 1 : 0;
    }
    assertThat(tried).as("guesses of a thousand networks").isEqualTo(50);
    assertThat(mayTry("anna", "203.0.113.1")).as("a browser that nobody knows").isFalse();

    assertThat(mayTry("anna", "203.0.113.1", "hers")).as("her own browser").isTrue();
    assertThat(mayTry("bert", "203.0.113.1")).as("another user").isTrue();
  }

  @Test
  void colleague_on_the_same_network_does_not_lock_a_user_out() {
    for (int i = 0; i < 100; i++) {
      mayTry("anna", "192.0.2.7");
    }
    assertThat(mayTry("anna", "192.0.2.7", "hers")).isTrue();
  }

  @Test
  void stolen_browser_guesses_ten_times_and_no_more() {
    for (int i = 0; i < 10; i++) {
      assertThat(mayTry("anna", "192.0.2." + i, "stolen")).isTrue();
    }
    assertThat(mayTry("anna", "192.0.2.99", "stolen")).isFalse();
    assertThat(mayTry("anna", "192.0.2.99", "her other one")).isTrue();
  }

  @Test
  void who_signs_in_rightly_begins_anew() {
    for (int i = 0; i < 100; i++) {
      LockOut.Try one = new LockOut.Try("anna", "192.0.2.7", Optional.empty());
      assertThat(lockOut.begin(one)).as("try " + i).isEmpty();
      lockOut.succeeded(one);
    }
  }

  @Test
  void networks_are_addresses_of_IPv4_and_halves_of_IPv6() {
    assertThat(Network.of("192.0.2.7")).isEqualTo("192.0.2.7");
    assertThat(Network.of("2001:db8::1")).isEqualTo(Network.of("[2001:db8:0:0:ff::2%eth0]"));
    assertThat(Network.of("2001:db8::1")).isNotEqualTo(Network.of("2001:db8:0:1::1"));
    assertThat(Network.of("::ffff:192.0.2.7")).isEqualTo("::ffff:192.0.2.7");
    assertThat(Network.of("no address")).isEqualTo("no address");
    assertThat(Network.of(":::::")).isEqualTo(":::::");
  }
}
