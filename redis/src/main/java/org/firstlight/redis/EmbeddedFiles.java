package org.firstlight.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** The embedded Redis's directory: all files readable by their owner alone, one user at a time. */
final class EmbeddedFiles implements AutoCloseable {
  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private static final String PID_FILE = "redis.pid";

  private final Path directory;
  private final FileChannel lock;

  private EmbeddedFiles(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * @throws RedisUnusableException if it cannot be written to, or another process has it
   */
  static EmbeddedFiles open(Path given) {
    Path directory = given.toAbsolutePath().normalize();
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, OWNER_DIRECTORY);
      FileChannel lock =
          FileChannel.open(
              directory.resolve("lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              ownerOnly());
      if (!locked(lock)) {
        lock.close();
        throw new RedisUnusableException(
            "another Firstlight process is using the Redis data in " + directory);
      }
      return new EmbeddedFiles(directory, lock);
    } catch (IOException e) {
      throw new RedisUnusableException(
          "the directory for Redis's data cannot be written to: " + e.getMessage(), e);
    }
  }

  /** The port that the Redis of this directory was last started at. */
  static OptionalInt portOf(Path directory) {
    try (Stream<String> lines = Files.lines(directory.resolve("redis.conf"))) {
      return lines
          .filter(line -> line.startsWith("port "))
          .mapToInt(line -> Integer.parseInt(line.substring("port ".length())))
          .findFirst();
    } catch (NoSuchFileException e) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw new RedisUnusableException("Redis's configuration cannot be read: " + e, e);
    }
  }

  /** The password that a running Redis of this directory asks for. */
  static String passwordOf(Path directory) {
    try {
      return Files.readString(directory.resolve("password")).strip();
    } catch (IOException e) {
      throw new RedisUnusableException(
          "the password file of Redis cannot be used: " + e.getMessage(), e);
    }
  }

  Path directory() {
    return directory;
  }

  Path log() {
    return directory.resolve("redis.log");
  }

  Path configuration() {
    return directory.resolve("redis.conf");
  }

  /** The password, made at the first start. */
  String password() {
    Path file = directory.resolve("password");
    try {
      if (Files.exists(file)) {
        String password = Files.readString(file).strip();
        if (!password.isEmpty()) {
          return password;
        }
      }
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      String password = HexFormat.of().formatHex(random);
      replace(file, password + "\n");
      return password;
    } catch (IOException e) {
      throw new RedisUnusableException("the password file of Redis cannot be used: " + file, e);
    }
  }

  void writeConfiguration(int port, String password, Durability durability) {
    String text =
        String.join(
            "\n",
            "# written at each start",
            "bind 127.0.0.1",
            "port " + port,
            "protected-mode yes",
            "requirepass " + password,
            "dir " + quoted(directory),
            "pidfile " + quoted(pidFile()),
            "logfile " + quoted(log()),
            "daemonize no",
            "databases 1",
            "save \"\"",
            "appendonly yes",
            "aof-load-truncated no",
            "appendfsync " + durability.word(),
            "maxmemory-policy noeviction",
            // a device's few records in one piece of memory; by the names that 6.2 knows as well
            "hash-max-ziplist-value 1024",
            "hash-max-ziplist-entries 64",
            "");
    try {
      replace(configuration(), text);
    } catch (IOException e) {
      throw new RedisUnusableException(
          "the directory for Redis's data cannot be written to: " + e.getMessage(), e);
    }
  }

  /** The Redis that works here or did, as it noted itself. */
  static Optional<Long> pid(Path directory) {
    Path file = directory.resolve(PID_FILE);
    try {
      return Files.exists(file)
          ? Optional.of(Long.parseLong(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The last lines that Redis wrote, for an error. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    } catch (IOException e) {
      return "it wrote no log";
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path pidFile() {
    return directory.resolve(PID_FILE);
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void replace(Path file, String text) throws IOException {
    Path fresh = directory.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, ownerOnly());
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static FileAttribute<?> ownerOnly() {
    return PosixFilePermissions.asFileAttribute(OWNER_FILE);
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
