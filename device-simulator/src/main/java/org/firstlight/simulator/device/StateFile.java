package org.firstlight.simulator.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.TreeSnapshot;

/** A device's flash memory: its objects while it is off. One without a file forgets. */
final class StateFile {
  private final Optional<Path> file;

  StateFile(Optional<Path> file) {
    this.file = file;
  }

  /** Says why what is there cannot be used. */
  Optional<String> load(DeviceTree tree) {
    if (file.isEmpty() || !Files.exists(file.get())) {
      return Optional.empty();
    }
    try {
      TreeSnapshot.read(file.get(), tree).restore(tree);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.of("its saved state is unreadable");
    }
  }

  synchronized void save(DeviceTree tree) {
    try {
      if (file.isPresent()) {
        TreeSnapshot.of(tree).write(file.get(), tree);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void forget() {
    try {
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
