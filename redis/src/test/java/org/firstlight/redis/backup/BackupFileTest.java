package org.firstlight.redis.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.firstlight.redis.pipeline.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFileTest {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path folder;
  private Path file;
  private byte[] whole;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("backup");
    try (BackupWriter out = new BackupWriter(file, AT)) {
      out.write(Section.KEYS, entry("a.key", "not a key"));
      for (int i = 0; i < 5; i++) {
        out.write(Section.DEVICES, entry("device", Integer.toString(i)));
      }
      out.write(Section.EVENTS, entry("0", "1-1"));
      out.finish(Map.of("a.key", Manifest.fingerprint(Bytes.of("not a key"))));
    }
    whole = Files.readAllBytes(file);
  }

  @Test
  void gives_back_what_went_in_for_its_owner_alone() throws IOException {
    CheckedBackup backup = CheckedBackup.check(file);

    List<String> found = new ArrayList<>();
    backup.forEach(
        (section, entry) -> found.add(section.word() + " " + Bytes.text(entry.list(0).get(1))));
    assertThat(found)
        .containsExactly(
            "keys not a key",
            "devices 0",
            "devices 1",
            "devices 2",
            "devices 3",
            "devices 4",
            "events 1-1");
    assertThat(backup.manifest().at()).isEqualTo(AT);
    assertThat(backup.manifest().entries(Section.DEVICES)).isEqualTo(5);
    assertThat(backup.manifest().entries(Section.PLATFORM)).isZero();
    assertThat(backup.keys()).containsOnlyKeys("a.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryNotContaining("glob:**.unfinished");
  }

  @Test
  void is_never_written_over_and_leaves_nothing_when_it_was_not_finished() throws IOException {
    assertThatThrownBy(() -> new BackupWriter(file, AT))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("is there already");

    Path other = folder.resolve("other");
    try (BackupWriter out = new BackupWriter(other, AT)) {
      out.write(Section.DEVICES, entry("device", "1"));
    }
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void a_file_cut_off_anywhere_is_refused() {
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length), "is not restored");
    }
    assertRefused(Arrays.copyOf(whole, whole.length - 40), "it is cut off in block");
    assertRefused(Arrays.copyOf(whole, whole.length + 1), "something follows its end");
  }

  @Test
  void a_file_with_any_bit_flipped_is_refused() {
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      assertRefused(flipped, "is not restored");
    }
    byte[] flipped = whole.clone();
    flipped[whole.length / 3] ^= 1;
    assertRefused(flipped, "was changed or damaged: its checksum does not fit");
  }

  @Test
  void another_format_or_another_file_is_refused() throws IOException {
    byte[] later = whole.clone();
    later[BackupFile.NAME.length()] = '7';
    assertRefused(later, "its format is 7, this release reads 1");
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    assertRefused(noise, "it is not a backup of Firstlight");
    assertRefused(new byte[0], "it is not a backup of Firstlight");
    assertRefused("FIRSTLIGHT\n".getBytes(StandardCharsets.UTF_8), "it is not a backup");
    assertThatThrownBy(() -> CheckedBackup.check(folder.resolve("none")))
        .isInstanceOf(BackupRefusedException.class)
        .hasMessageContaining("none");
  }

  @Test
  void blocks_left_out_doubled_or_moved_are_refused() {
    // the whole checksum is made to fit: what is left is the manifest's word
    int first = BackupFile.firstLine().length;
    int second = first + length(whole, first);
    int third = second + length(whole, second);
    assertRefused(
        withEnd(joined(slice(0, first), slice(second, whole.length - 33))),
        "section keys has 0 entries, its manifest says 1");
    assertRefused(
        withEnd(joined(slice(0, second), slice(first, whole.length - 33))),
        "section keys has 2 entries, its manifest says 1");
    assertRefused(withEnd(joined(slice(0, third))), "it has no manifest");
  }

  @Test
  void a_block_that_grows_beyond_what_it_says_is_refused_before_it_fills_memory() {
    byte[] bomb = deflated(new byte[50_000_000]);
    assertRefused(file(block('D', bomb.length, 1000, bomb)), "is longer than it says");
    assertRefused(
        file(block('D', bomb.length, Integer.MAX_VALUE, bomb)), "has a length that cannot be");
    assertRefused(file(block('D', Integer.MAX_VALUE, 10, bomb)), "has a length that cannot be");
    assertRefused(file(block('D', 60_000_000, 10, bomb)), "it is cut off in block 1 (devices)");
    assertRefused(file(block('D', -1, 10, bomb)), "has a length that cannot be");
    assertRefused(file(block('X', bomb.length, 10, bomb)), "is of no section");
  }

  @Test
  void an_entry_that_claims_what_is_not_there_is_refused() {
    for (int[] numbers :
        new int[][] {
          {Integer.MAX_VALUE},
          {-1},
          {4, Integer.MAX_VALUE},
          {8, 1, Integer.MAX_VALUE},
          {12, 1, 1, Integer.MAX_VALUE},
          {12, 0, 0, 0}
        }) {
      ByteBuffer inflated = ByteBuffer.allocate(4 * numbers.length);
      Arrays.stream(numbers).forEach(inflated::putInt);
      byte[] deflated = deflated(inflated.array());
      assertRefused(file(block('D', deflated.length, inflated.capacity(), deflated)), "entry");
    }
  }

  private void assertRefused(byte[] content, String words) {
    try {
      Path changed = Files.write(folder.resolve("changed"), content);
      assertThatThrownBy(() -> CheckedBackup.check(changed))
          .isInstanceOf(BackupRefusedException.class)
          .hasMessageContaining(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(String... texts) {
    return new Entry(List.of(Arrays.stream(texts).map(Bytes::of).toList()));
  }

  private byte[] slice(int from, int to) {
    return Arrays.copyOfRange(whole, from, to);
  }

  private static int length(byte[] content, int block) {
    return 9 + BackupFile.DIGEST_BYTES + ByteBuffer.wrap(content).getInt(block + 1);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] withEnd(byte[] content) {
    return joined(content, new byte[] {BackupFile.END}, BackupFile.sha256().digest(content));
  }

  private static byte[] file(byte[]... blocks) {
    return withEnd(joined(BackupFile.firstLine(), joined(blocks)));
  }

  private static byte[] block(char letter, int deflated, int inflated, byte[] bytes) {
    byte[] head =
        ByteBuffer.allocate(9).put((byte) letter).putInt(deflated).putInt(inflated).array();
    return joined(head, BackupFile.sha256().digest(joined(head, bytes)), bytes);
  }

  private static byte[] deflated(byte[] bytes) {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(deflated)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return deflated.toByteArray();
  }
}
