package org.firstlight.objects.definition;

import java.util.Arrays;
import java.util.Optional;

/**
 * What an LwM2M Server may do with a Resource; a Bootstrap-Server may write any that has a value.
 */
public enum Operations {
  /** Nothing: the Bootstrap-Server alone writes it. */
  NONE(""),
  READ("R"),
  WRITE("W"),
  READ_WRITE("RW"),
  EXECUTE("E");

  private final String ddfName;

  Operations(String ddfName) {
    this.ddfName = ddfName;
  }

  /** {@code R}, {@code W}, {@code RW}, {@code E} or nothing, as a DDF writes it. */
  public String ddfName() {
    return ddfName;
  }

  public static Optional<Operations> ofDdfName(String name) {
    return Arrays.stream(values())
        .filter(operations -> operations.ddfName.equals(name))
        .findFirst();
  }

  public boolean readable() {
    return this == READ || this == READ_WRITE;
  }

  public boolean writable() {
    return this == WRITE || this == READ_WRITE;
  }

  public boolean executable() {
    return this == EXECUTE;
  }
}
