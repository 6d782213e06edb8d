package org.firstlight.kit.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Remembers, over restarts too, that the token refused the PIN as its file was written last. Most
 * tokens lock after a few wrong ones, and whoever starts a server again and again would see to
 * that.
 */
final class RefusedPin {
  private final Path pinFile;
  private final Path mark;

  /**
   * @param mark a file that is there while the PIN is a refused one
   */
  RefusedPin(Path pinFile, Path mark) {
    this.pinFile = pinFile;
    this.mark = mark;
  }

  /** Whether it is not to be tried again: its file was not written since. */
  boolean isStill() {
    try {
      return Files.exists(mark) && Files.readString(mark).equals(written());
    } catch (IOException e) {
      return false;
    }
  }

  void remember() {
    try {
      Files.writeString(mark, written());
    } catch (IOException e) {
      throw new TokenException("%s cannot be written".formatted(mark), e);
    }
  }

  void forget() {
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      throw new TokenException("%s cannot be deleted".formatted(mark), e);
    }
  }

  private String written() throws IOException {
    return Files.getLastModifiedTime(pinFile).toString();
  }
}
