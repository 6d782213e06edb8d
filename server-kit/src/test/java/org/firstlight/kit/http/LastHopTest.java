package org.firstlight.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LastHopTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7,192.0.2.7",
    "192.0.2.7:4711,192.0.2.7",
    "2001:db8::7,2001:db8:0:0:0:0:0:7",
    "[2001:db8::7],2001:db8:0:0:0:0:0:7",
    "[2001:db8::7]:4711,2001:db8:0:0:0:0:0:7",
    "::ffff:192.0.2.7,192.0.2.7"
  })
  void address_is_read_as_proxies_write_it(String text, String address) {
    assertThat(LastHop.literal(text).map(InetAddress::getHostAddress)).contains(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unknown",
        "example.com",
        "999.1.1.1",
        "1.2.3",
        "_hidden",
        "1.2.3.4,",
        ":::::"
      })
  void name_or_nonsense_is_no_address_and_is_not_looked_up(String text) {
    assertThat(LastHop.literal(text)).isEmpty();
  }
}
