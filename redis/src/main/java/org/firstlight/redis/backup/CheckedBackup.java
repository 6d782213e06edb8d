package org.firstlight.redis.backup;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.firstlight.redis.pipeline.Bytes;

/**
 * A backup that was read from end to end and found whole: only such a one can be restored. Memory
 * holds one block, whatever the file claims.
 */
public final class CheckedBackup {
  private final Path file;
  private final Manifest manifest;

  private CheckedBackup(Path file, Manifest manifest) {
    this.file = file;
    this.manifest = manifest;
  }

  /**
   * Reads the whole file.
   *
   * @throws BackupRefusedException naming what is wrong and where
   */
  public static CheckedBackup check(Path file) {
    return new CheckedBackup(file, new Reading(file, (section, entry) -> {}).whole());
  }

  public Manifest manifest() {
    return manifest;
  }

  public Path file() {
    return file;
  }

  /** Files of keys by their names, where the backup was made with them. */
  public Map<String, byte[]> keys() {
    Map<String, byte[]> keys = new TreeMap<>();
    if (manifest.entries(Section.KEYS) > 0) {
      forEach(
          (section, entry) -> {
            if (section == Section.KEYS) {
              keys.put(Bytes.text(entry.list(0).get(0)), entry.list(0).get(1));
            }
          });
    }
    return keys;
  }

  /** Gives each entry in turn, checking all again: the file may have changed since. */
  void forEach(BiConsumer<Section, Entry> visitor) {
    new Reading(file, visitor).whole();
  }

  /** One way through the file. */
  private static final class Reading {
    private static final int MOST_DIGITS = 9;

    private final Path file;
    private final BiConsumer<Section, Entry> visitor;
    private final Map<Section, Long> entries = new EnumMap<>(Section.class);
    private final Map<Section, MessageDigest> digests = new EnumMap<>(Section.class);
    private int blocks;
    private String where = "its first line";

    Reading(Path file, BiConsumer<Section, Entry> visitor) {
      this.file = file;
      this.visitor = visitor;
    }

    Manifest whole() {
      try (InputStream opened = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
          DigestInputStream digested = new DigestInputStream(opened, BackupFile.sha256())) {
        return read(digested, new DataInputStream(digested));
      } catch (EOFException e) {
        throw refused("it is cut off in " + where);
      } catch (IOException e) {
        throw refused("it cannot be read: " + e.getMessage());
      }
    }

    private Manifest read(DigestInputStream digested, DataInputStream in) throws IOException {
      checkFirstLine(in);
      Optional<Manifest> manifest = Optional.empty();
      while (true) {
        where = "the end of block " + blocks;
        byte[] wanted = soFar(digested);
        byte letter = in.readByte();
        if (letter == BackupFile.END) {
          checkEnd(in, wanted);
          return manifest.orElseThrow(() -> refused("it has no manifest"));
        }
        if (manifest.isPresent()) {
          throw refused("something follows its manifest");
        }
        blocks++;
        Optional<Section> section = Section.of(letter);
        if (section.isEmpty() && letter != BackupFile.MANIFEST) {
          throw refused("block %d is of no section that this release knows".formatted(blocks));
        }
        String name = section.map(Section::word).orElse("manifest");
        where = "block %d (%s)".formatted(blocks, name);
        byte[] inflated = block(in, letter);
        if (section.isPresent()) {
          take(section.get(), inflated);
        } else {
          manifest = Optional.of(Manifest.parse(inflated));
          compare(manifest.get());
        }
      }
    }

    private void checkFirstLine(DataInputStream in) throws IOException {
      for (char expected : BackupFile.NAME.toCharArray()) {
        if (in.read() != expected) {
          throw refused("it is not a backup of Firstlight");
        }
      }
      StringBuilder format = new StringBuilder();
      for (byte digit = in.readByte(); digit != '\n'; digit = in.readByte()) {
        if (digit < '0' || digit > '9' || format.length() == MOST_DIGITS) {
          throw refused("it is not a backup of Firstlight");
        }
        format.append((char) digit);
      }
      if (!format.toString().equals(Integer.toString(BackupFile.FORMAT))) {
        throw refused(
            "its format is %s, this release reads %d".formatted(format, BackupFile.FORMAT));
      }
    }

    private byte[] block(DataInputStream in, byte letter) throws IOException {
      int deflated = in.readInt();
      int inflated = in.readInt();
      byte[] digest = in.readNBytes(BackupFile.DIGEST_BYTES);
      if (digest.length < BackupFile.DIGEST_BYTES) {
        throw new EOFException();
      }
      if (deflated < 0
          || inflated < 0
          || inflated > BackupFile.MOST_BLOCK_BYTES
          || deflated > BackupFile.MOST_BLOCK_BYTES) {
        throw refused("%s has a length that cannot be".formatted(where));
      }
      // grows with what is there, not with what is claimed
      byte[] bytes = in.readNBytes(deflated);
      if (bytes.length < deflated) {
        throw new EOFException();
      }
      MessageDigest found = BackupFile.sha256();
      found.update(
          ByteBuffer.allocate(1 + 2 * Integer.BYTES)
              .put(letter)
              .putInt(deflated)
              .putInt(inflated)
              .array());
      if (!MessageDigest.isEqual(found.digest(bytes), digest)) {
        throw refused("%s was changed or damaged: its checksum does not fit".formatted(where));
      }
      return inflated(bytes, inflated);
    }

    private byte[] inflated(byte[] deflated, int length) {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(deflated);
        byte[] inflated = new byte[length];
        int have = 0;
        while (have < length) {
          int more = inflater.inflate(inflated, have, length - have);
          if (more == 0) {
            throw refused("%s is shorter than it says".formatted(where));
          }
          have += more;
        }
        if (inflater.inflate(new byte[1]) > 0 || !inflater.finished()) {
          throw refused("%s is longer than it says".formatted(where));
        }
        return inflated;
      } catch (DataFormatException e) {
        throw refused("%s is not compressed as it should be".formatted(where));
      } finally {
        inflater.end();
      }
    }

    private void take(Section section, byte[] inflated) {
      digests.computeIfAbsent(section, first -> BackupFile.sha256()).update(inflated);
      ByteBuffer in = ByteBuffer.wrap(inflated);
      while (in.hasRemaining()) {
        int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw refused("%s has an entry with a length that cannot be".formatted(where));
        }
        Entry entry = Entry.parse(in.slice().limit(length));
        in.position(in.position() + length);
        entries.merge(section, 1L, Long::sum);
        visitor.accept(section, entry);
      }
    }

    private void compare(Manifest manifest) {
      for (Section section : Section.values()) {
        long found = entries.getOrDefault(section, 0L);
        if (found != manifest.entries(section)) {
          throw refused(
              "section %s has %,d entries, its manifest says %,d"
                  .formatted(section.word(), found, manifest.entries(section)));
        }
        if (found > 0) {
          String sha256 = HexFormat.of().formatHex(digests.get(section).digest());
          if (!sha256.equals(manifest.sections().get(section.word()).sha256())) {
            throw refused(
                "section %s was changed: its checksum does not fit".formatted(section.word()));
          }
        }
      }
    }

    private void checkEnd(DataInputStream in, byte[] wanted) throws IOException {
      byte[] digest = in.readNBytes(BackupFile.DIGEST_BYTES);
      if (digest.length < BackupFile.DIGEST_BYTES) {
        throw new EOFException();
      }
      if (!Arrays.equals(digest, wanted)) {
        throw refused("the checksum of the whole does not fit");
      }
      if (in.read() >= 0) {
        throw refused("something follows its end");
      }
    }

    private static byte[] soFar(DigestInputStream digested) {
      try {
        return ((MessageDigest) digested.getMessageDigest().clone()).digest();
      } catch (CloneNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }

    private BackupRefusedException refused(String what) {
      return new BackupRefusedException("%s is not restored: %s".formatted(file, what));
    }
  }
}
