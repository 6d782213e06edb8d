package org.firstlight.objects.path;

import java.util.Arrays;
import java.util.Optional;

/**
 * Path of a value on a device, from the root {@code /} down to a Resource Instance {@code /3/0/6/1}
 * (LwM2M Core 1.1.1 §6.1, §7.1). The text form has no leading zeros and no trailing slash, so equal
 * paths have equal texts. Paths sort number by number, a parent before its children.
 */
public final class LwM2mPath implements Comparable<LwM2mPath> {
  public static final LwM2mPath ROOT = new LwM2mPath();

  /** The largest ID of an Object, a Resource or a Resource Instance. */
  public static final int MAX_ID = 65_535;

  /** The largest Object Instance ID: 65535 is reserved (LwM2M Core 1.1.1 §7.1). */
  public static final int MAX_INSTANCE_ID = 65_534;

  private static final int MAX_DEPTH = 4;
  private static final String[] LEVELS = {
    "Object", "Object Instance", "Resource", "Resource Instance"
  };

  private final int[] ids;

  private LwM2mPath(int... ids) {
    this.ids = ids;
  }

  /**
   * The path of these IDs, from the Object down.
   *
   * @throws IllegalArgumentException names the level and the ID that is out of range
   */
  public static LwM2mPath of(int... ids) {
    if (ids.length > MAX_DEPTH) {
      throw new IllegalArgumentException("a path has at most four levels");
    }
    for (int level = 0; level < ids.length; level++) {
      int max = level == 1 ? MAX_INSTANCE_ID : MAX_ID;
      if (ids[level] < 0 || ids[level] > max) {
        throw new IllegalArgumentException(
            "%s ID %d is outside 0..%d".formatted(LEVELS[level], ids[level], max));
      }
    }
    return ids.length == 0 ? ROOT : new LwM2mPath(ids.clone());
  }

  /**
   * Reads the text form, {@code "/3/0/1"}.
   *
   * @throws IllegalArgumentException says what is wrong, in words for the one who wrote the text
   */
  public static LwM2mPath parse(String text) {
    if (text.equals("/")) {
      return ROOT;
    }
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path starts with '/'");
    }
    String[] parts = text.substring(1).split("/", -1);
    if (parts.length > MAX_DEPTH) {
      throw new IllegalArgumentException("a path has at most four levels");
    }
    int[] ids = new int[parts.length];
    for (int level = 0; level < parts.length; level++) {
      ids[level] = id(parts[level], LEVELS[level]);
    }
    return of(ids);
  }

  private static int id(String text, String level) {
    boolean digits = !text.isEmpty() && text.length() <= 5;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits || (text.length() > 1 && text.startsWith("0"))) {
      throw new IllegalArgumentException(
          level + " ID is not a number of 0..65535 without leading zeros");
    }
    return Integer.parseInt(text);
  }

  /** The path that the text names, empty when it is none; {@link #parse} tells why. */
  public static Optional<LwM2mPath> tryParse(String text) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException notAPath) {
      return Optional.empty();
    }
  }

  /**
   * @throws IllegalStateException for the root
   */
  public int objectId() {
    return idAt(0);
  }

  /**
   * @throws IllegalStateException when the path ends above an Object Instance
   */
  public int instanceId() {
    return idAt(1);
  }

  /**
   * @throws IllegalStateException when the path ends above a Resource
   */
  public int resourceId() {
    return idAt(2);
  }

  /**
   * @throws IllegalStateException when the path ends above a Resource Instance
   */
  public int resourceInstanceId() {
    return idAt(3);
  }

  private int idAt(int level) {
    if (level >= ids.length) {
      throw new IllegalStateException("%s names no %s".formatted(this, LEVELS[level]));
    }
    return ids[level];
  }

  public boolean isRoot() {
    return ids.length == 0;
  }

  public boolean isObject() {
    return ids.length == 1;
  }

  public boolean isInstance() {
    return ids.length == 2;
  }

  public boolean isResource() {
    return ids.length == 3;
  }

  public boolean isResourceInstance() {
    return ids.length == 4;
  }

  /** 0 for the root to 4 for a Resource Instance. */
  public int depth() {
    return ids.length;
  }

  /**
   * @throws IllegalArgumentException when the ID is out of range, or below a Resource Instance
   */
  public LwM2mPath child(int id) {
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = id;
    return of(longer);
  }

  /** The path one level up, empty for the root. */
  public Optional<LwM2mPath> parent() {
    return isRoot() ? Optional.empty() : Optional.of(upTo(ids.length - 1));
  }

  /**
   * The Resource that this path names or lies in.
   *
   * @throws IllegalStateException when the path ends above a Resource
   */
  public LwM2mPath resource() {
    resourceId();
    return upTo(3);
  }

  private LwM2mPath upTo(int depth) {
    return of(Arrays.copyOf(ids, depth));
  }

  /** Whether this path is the other one or lies below it: a path starts with itself. */
  public boolean startsWith(LwM2mPath other) {
    return ids.length >= other.ids.length
        && Arrays.equals(ids, 0, other.ids.length, other.ids, 0, other.ids.length);
  }

  @Override
  public int compareTo(LwM2mPath other) {
    return Arrays.compare(ids, other.ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LwM2mPath path && Arrays.equals(ids, path.ids);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    if (isRoot()) {
      return "/";
    }
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append('/').append(id);
    }
    return text.toString();
  }
}
