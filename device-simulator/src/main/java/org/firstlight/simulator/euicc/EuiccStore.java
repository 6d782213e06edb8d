package org.firstlight.simulator.euicc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.firstlight.simulator.pem.PemFiles;

/** An eUICC's memory: a file that is there whole or not at all, whenever the power goes. */
final class EuiccStore {
  private final Path file;

  EuiccStore(Path folder) {
    file = folder.resolve("memory.bin");
  }

  EuiccState read() throws IOException {
    return Files.exists(file) ? EuiccState.fromBytes(Files.readAllBytes(file)) : EuiccState.EMPTY;
  }

  /** Returns once the disk has it. */
  void write(EuiccState state) throws IOException {
    Path draft = file.resolveSibling("memory.draft");
    PemFiles.writeSecret(draft, new byte[0]);
    try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(state.toBytes());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
