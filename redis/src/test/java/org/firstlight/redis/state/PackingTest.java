package org.firstlight.redis.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class PackingTest {
  private static final String JOURNEY =
      "{\"steps\":[{\"name\":\"register\",\"at\":\"2026-11-27T13:56:57.547843825Z\",\"ms\":89,"
          + "\"ok\":true,\"details\":{\"account\":\"1\",\"version\":\"1.1\"}}]}";

  @Test
  void what_was_packed_is_unpacked() throws DataFormatException {
    for (String text : new String[] {"", "{}", JOURNEY, "{\"é\":\"\0\"}", "x".repeat(100_000)}) {
      byte[] packed = Packing.pack(text.getBytes(UTF_8));
      byte[] stored = new byte[packed.length + 4];
      System.arraycopy(packed, 0, stored, 4, packed.length);

      assertThat(Packing.isPacked(stored, 4)).isTrue();
      assertThat(Packing.isKnown(stored, 4)).isTrue();
      assertThat(new String(Packing.unpack(stored, 4), UTF_8)).isEqualTo(text);
    }
  }

  @Test
  void a_record_of_a_device_takes_less_than_half() {
    assertThat(Packing.pack(JOURNEY.getBytes(UTF_8)).length).isLessThan(JOURNEY.length() / 2);
  }

  /** Records are stored for years: a dictionary is never changed, a better one is another. */
  @Test
  void what_the_first_release_packed_is_unpacked() throws DataFormatException {
    byte[] stored = Base64.getDecoder().decode("ASM6lgx1jcxDDI2tTM2sTM31TE3MLUyMLYxMYbFkYUlmLAEA");

    assertThat(new String(Packing.unpack(stored, 0), UTF_8)).isEqualTo(JOURNEY);
  }

  @Test
  void what_is_damaged_is_refused_and_ends() {
    byte[] good = Packing.pack(JOURNEY.getBytes(UTF_8));
    for (int length = 1; length < good.length; length++) {
      byte[] torn = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> Packing.unpack(torn, 0)).isInstanceOf(DataFormatException.class);
    }
    assertThatThrownBy(() -> Packing.unpack(Arrays.copyOf(good, good.length + 1), 0))
        .isInstanceOf(DataFormatException.class)
        .hasMessage("something follows");
  }

  @Test
  void what_could_not_be_unpacked_is_not_packed() throws DataFormatException {
    assertThat(Packing.unpack(Packing.pack(new byte[Packing.LONGEST]), 0)).hasSize(Packing.LONGEST);
    assertThatThrownBy(() -> Packing.pack(new byte[Packing.LONGEST + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_would_fill_the_heap_is_refused() {
    byte[] bomb = bomb(Packing.LONGEST + 1);

    assertThat(bomb.length).isLessThan(10_000);
    assertThatThrownBy(() -> Packing.unpack(bomb, 0))
        .isInstanceOf(DataFormatException.class)
        .hasMessage("it is too long");
  }

  private static byte[] bomb(int length) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(new byte[length]);
    deflater.finish();
    byte[] packed = new byte[10_000];
    packed[0] = 1;
    int count = deflater.deflate(packed, 1, packed.length - 1);
    deflater.end();
    return Arrays.copyOf(packed, count + 1);
  }
}
