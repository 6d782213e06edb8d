package org.firstlight.kit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

class HostileConfigTest {
  private static final String GOOD =
      """
      dataDirectory: data
      node: n1
      http: { host: 127.0.0.1, port: 0 }
      dm:
        names: [localhost]
      """;

  @Property
  void any_text_is_read_or_refused_in_words(@ForAll @StringLength(max = 200) String text) {
    read(text);
  }

  @Property
  void a_torn_file_is_read_or_refused_in_words(@ForAll @IntRange(max = 110) int length) {
    read(GOOD.substring(0, Math.min(length, GOOD.length())));
  }

  @Property
  void a_flipped_bit_is_read_or_refused_in_words(
      @ForAll @IntRange(max = 100) int at, @ForAll @IntRange(max = 7) int bit) {
    byte[] bytes = GOOD.getBytes(StandardCharsets.US_ASCII);
    bytes[at % bytes.length] ^= (byte) (1 << bit);
    read(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static void read(String text) {
    try {
      assertThat(ConfigFile.parse(text, Path.of("/tmp"))).isNotNull();
    } catch (ConfigException e) {
      assertThat(e.getMessage()).startsWith("configuration:");
    }
  }
}
