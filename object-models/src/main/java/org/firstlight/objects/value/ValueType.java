package org.firstlight.objects.value;

import java.util.Arrays;
import java.util.Optional;

/** Data type of a Resource (LwM2M Core 1.1.1 Appendix C), with its name in an object definition. */
public enum ValueType {
  /** Holds no value: an executable Resource. */
  NONE(""),
  STRING("String"),
  INTEGER("Integer"),
  UNSIGNED_INTEGER("Unsigned Integer"),
  FLOAT("Float"),
  BOOLEAN("Boolean"),
  TIME("Time"),
  OPAQUE("Opaque"),
  OBJLNK("Objlnk"),
  CORELNK("Corelnk");

  private final String ddfName;

  ValueType(String ddfName) {
    this.ddfName = ddfName;
  }

  /** The type's name in an OMA DDF, empty for {@link #NONE}. */
  public String ddfName() {
    return ddfName;
  }

  public static Optional<ValueType> ofDdfName(String name) {
    return Arrays.stream(values()).filter(type -> type.ddfName.equals(name)).findFirst();
  }
}
