package org.firstlight.journey;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of a few megabytes in a folder's place, to be filled. Mounting wants root. */
public final class SmallDisk implements AutoCloseable {
  private static final int MEGABYTES = 16;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Skips the test, saying why, where nothing may be mounted. */
  public static SmallDisk mountedAt(Path folder) throws IOException {
    return mountedAt(folder, MEGABYTES);
  }

  public static SmallDisk mountedAt(Path folder, int megabytes) throws IOException {
    Files.createDirectories(folder);
    String options = "size=%dm,mode=0700".formatted(megabytes);
    int exit = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder.toString());
    assumeTrue(exit == 0, "a small disk cannot be mounted here: that wants root and its rights");
    return new SmallDisk(folder);
  }

  /** Leaves not a byte. */
  public void fill() throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream filler = Files.newOutputStream(filler())) {
      while (true) {
        filler.write(block);
      }
    } catch (IOException full) {
      if (Files.size(filler()) == 0) {
        throw full;
      }
    }
  }

  public void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  private static int run(String... command) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void close() {
    run("umount", folder.toString());
  }
}
