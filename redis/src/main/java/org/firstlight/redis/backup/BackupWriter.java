package org.firstlight.redis.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a backup: beside its place under another name, for its owner alone, and moved there when
 * it is whole and on the disk. Memory holds one block.
 */
final class BackupWriter implements AutoCloseable {
  private final Path file;
  private final Path unfinished;
  private final FileChannel channel;
  private final DigestOutputStream out;
  private final Instant at;
  private final Map<Section, Long> entries = new EnumMap<>(Section.class);
  private final Map<Section, MessageDigest> digests = new EnumMap<>(Section.class);
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private Section current = Section.KEYS;
  private boolean finished;

  /**
   * @throws BackupRefusedException if there is a file already, or none can be made
   */
  BackupWriter(Path file, Instant at) {
    this.file = file.toAbsolutePath();
    this.at = at;
    unfinished = this.file.resolveSibling(this.file.getFileName() + ".unfinished");
    if (Files.exists(this.file)) {
      throw new BackupRefusedException(file + " is there already: it is not written over");
    }
    try {
      Files.deleteIfExists(unfinished);
      channel =
          FileChannel.open(
              unfinished,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      out = new DigestOutputStream(Channels.newOutputStream(channel), BackupFile.sha256());
      out.write(BackupFile.firstLine());
    } catch (IOException e) {
      throw new BackupRefusedException("cannot write " + unfinished + ": " + e.getMessage(), e);
    }
  }

  void write(Section section, Entry entry) {
    if (section != current) {
      endBlock();
      current = section;
    }
    byte[] bytes = entry.bytes();
    if (bytes.length > Entry.MOST_BYTES) {
      throw new BackupRefusedException(
          "an entry of section %s has %,d bytes: too many for a backup"
              .formatted(section.word(), bytes.length));
    }
    block.writeBytes(number(bytes.length));
    block.writeBytes(bytes);
    entries.merge(section, 1L, Long::sum);
    if (block.size() >= BackupFile.BLOCK_BYTES) {
      endBlock();
    }
  }

  long written(Section section) {
    return entries.getOrDefault(section, 0L);
  }

  /**
   * Closes the file with its manifest and puts it in its place.
   *
   * @param keys as in the manifest
   */
  Manifest finish(Map<String, String> keys) {
    endBlock();
    Map<String, Manifest.Tally> sections = new HashMap<>();
    entries.forEach(
        (section, count) ->
            sections.put(section.word(), new Manifest.Tally(count, hex(digests.get(section)))));
    Manifest manifest = new Manifest(at, sections, keys);
    try {
      writeBlock(BackupFile.MANIFEST, manifest.json());
      byte[] digest = out.getMessageDigest().digest();
      out.on(false);
      out.write(BackupFile.END);
      out.write(digest);
      channel.force(true);
      channel.close();
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
    finished = true;
    return manifest;
  }

  private void endBlock() {
    if (block.size() == 0) {
      return;
    }
    byte[] inflated = block.toByteArray();
    block.reset();
    digests.computeIfAbsent(current, section -> BackupFile.sha256()).update(inflated);
    try {
      writeBlock(current.letter(), inflated);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + unfinished + ": " + e.getMessage(), e);
    }
  }

  private void writeBlock(byte letter, byte[] inflated) throws IOException {
    byte[] deflated = deflated(inflated);
    ByteBuffer head = ByteBuffer.allocate(1 + 2 * Integer.BYTES);
    head.put(letter).putInt(deflated.length).putInt(inflated.length);
    MessageDigest digest = BackupFile.sha256();
    digest.update(head.array());
    out.write(head.array());
    out.write(digest.digest(deflated));
    out.write(deflated);
  }

  private static byte[] deflated(byte[] inflated) throws IOException {
    ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (OutputStream out = new DeflaterOutputStream(deflated, deflater)) {
      out.write(inflated);
    } finally {
      deflater.end();
    }
    return deflated.toByteArray();
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** What was not finished is taken away. */
  @Override
  public void close() {
    try {
      channel.close();
      if (!finished) {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
