package org.firstlight.simulator.operator;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.pem.PemFiles;

/**
 * The operator's counter per eUICC, in its own folder. Locked while open, so that two runs never
 * give out one number; {@link #save} before a package leaves.
 */
final class CounterBook implements AutoCloseable {
  private final Path file;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Map<String, Long> counters = new TreeMap<>();

  CounterBook(Path folder) {
    file = folder.resolve("counters.properties");
    try {
      Path lockPath = folder.resolve("counters.lock");
      lockFile = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock = lockFile.lock();
      if (Files.exists(file)) {
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file)));
        properties.forEach(
            (eid, counter) -> counters.put((String) eid, Long.parseLong((String) counter)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long next(Eid eid) {
    return counters.merge(eid.value(), 1L, Long::sum);
  }

  void save() {
    String text =
        counters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining("\n", "", "\n"));
    Path draft = file.resolveSibling("counters.draft");
    PemFiles.writeSecret(draft, text);
    try {
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it stands at now, for a look. */
  Optional<Long> current(Eid eid) {
    return Optional.ofNullable(counters.get(eid.value()));
  }
}
