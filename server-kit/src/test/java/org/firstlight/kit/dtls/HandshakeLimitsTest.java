package org.firstlight.kit.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.firstlight.kit.config.HandshakesConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeLimitsTest {
  private static InetAddress at(String literal) throws Exception {
    return InetAddress.getByName(literal);
  }

  @ParameterizedTest
  @CsvSource({
    "32, 56, 192.0.2.1, 192.0.2.1, true",
    "32, 56, 192.0.2.1, 192.0.2.2, false",
    "24, 56, 192.0.2.1, 192.0.2.254, true",
    "24, 56, 192.0.2.1, 192.0.3.1, false",
    "20, 56, 192.0.16.1, 192.0.31.255, true",
    "20, 56, 192.0.15.1, 192.0.16.1, false",
    "8, 56, 10.1.2.3, 10.255.0.1, true",
    "32, 56, 2001:db8:0:100::1, 2001:db8:0:1ff::9, true",
    "32, 56, 2001:db8:0:100::1, 2001:db8:0:200::1, false",
    "32, 64, 2001:db8:0:100::1, 2001:db8:0:101::1, false",
    "32, 128, 2001:db8::1, 2001:db8::2, false",
    "32, 56, ::ffff:192.0.2.1, 192.0.2.1, true",
    "8, 16, 32.1.2.3, 2001:203::1, false",
  })
  void addresses_of_one_range_share_its_limit(
      int ipv4Prefix, int ipv6Prefix, String one, String other, boolean same) throws Exception {
    HandshakeLimits limits =
        new HandshakeLimits(new HandshakesConfig(10, 1, ipv4Prefix, ipv6Prefix));
    limits.began(at(one));
    assertThat(limits.refusal(at(other)).isPresent()).isEqualTo(same);
    limits.ended(at(one));
    assertThat(limits.refusal(at(other))).isEmpty();
    assertThat(limits.underWay()).isZero();
  }

  @Test
  void when_all_are_many_only_a_range_with_more_than_its_share_waits() throws Exception {
    HandshakeLimits limits = new HandshakeLimits(new HandshakesConfig(10, 8, 32, 56));
    for (int i = 0; i < 7; i++) {
      limits.began(at("192.0.2.1"));
    }
    for (int i = 0; i < 3; i++) {
      limits.began(at("192.0.2.2"));
    }
    assertThat(limits.refusal(at("192.0.2.1")).orElseThrow()).contains("handshakes.atOnce)");
    assertThat(limits.refusal(at("192.0.2.2"))).isEmpty();
    assertThat(limits.refusal(at("192.0.2.3"))).as("a newcomer").isEmpty();
    limits.began(at("192.0.2.1"));
    assertThat(limits.refusal(at("192.0.2.1")).orElseThrow())
        .contains("handshakes.atOncePerPrefix");
  }
}
