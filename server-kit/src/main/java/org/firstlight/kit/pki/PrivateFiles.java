package org.firstlight.kit.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A folder that its owner alone can enter (0700), with files that its owner alone can read (0600).
 * A file is there whole or not at all, whenever the power goes.
 */
public final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));
  private static final int MAX_BYTES = 64 * 1024;

  private final Path folder;

  private PrivateFiles(Path folder) {
    this.folder = folder;
  }

  static PrivateFiles in(Path folder) {
    try {
      Files.createDirectories(folder, OWNER_FOLDER);
    } catch (IOException e) {
      throw new PkiException("%s cannot be made".formatted(folder), e);
    }
    refuseOthers(folder, "700");
    return new PrivateFiles(folder);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** A file that says nothing and is locked while the folder is read or filled. */
  Path lockFile() {
    Path lock = path(".lock");
    try {
      if (!Files.exists(lock)) {
        Files.createFile(lock, OWNER_FILE);
      }
    } catch (FileAlreadyExistsException e) {
      return lock;
    } catch (IOException e) {
      throw new PkiException("%s cannot be written".formatted(lock), e);
    }
    return lock;
  }

  boolean has(String name) {
    return Files.exists(path(name));
  }

  byte[] read(String name) {
    return read(path(name));
  }

  /**
   * A file that an operator keeps, wherever it is.
   *
   * @throws PkiException if it cannot be read, or is open to others than its owner
   */
  public static byte[] read(Path file) {
    refuseOthers(file, "600");
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PkiException("%s is too large to be ours".formatted(file));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new PkiException("%s cannot be read".formatted(file), e);
    }
  }

  void delete(String name) {
    try {
      Files.deleteIfExists(path(name));
    } catch (IOException e) {
      throw new PkiException("%s cannot be deleted".formatted(path(name)), e);
    }
  }

  /** In the place of one that is there. */
  void rename(String from, String to) {
    try {
      Files.move(
          path(from),
          path(to),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      force();
    } catch (IOException e) {
      throw new PkiException("%s cannot be written".formatted(path(to)), e);
    }
  }

  private void force() throws IOException {
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  void write(String name, byte[] bytes) {
    Path target = path(name);
    try {
      Path draft = Files.createTempFile(folder, name, ".draft", OWNER_FILE);
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(
          draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      force();
    } catch (IOException e) {
      throw new PkiException("%s cannot be written".formatted(target), e);
    }
  }

  private static void refuseOthers(Path path, String wanted) {
    try {
      Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path);
      if (granted.stream().anyMatch(OTHERS::contains)) {
        throw new PkiException(
            "%s is open to others than its owner: chmod %s it, and think whether its keys are still secret"
                .formatted(path, wanted));
      }
    } catch (IOException e) {
      throw new PkiException("%s cannot be read".formatted(path), e);
    }
  }
}
