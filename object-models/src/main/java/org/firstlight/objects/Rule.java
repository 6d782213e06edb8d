package org.firstlight.objects;

/** The rule that a path or a value breaks. */
public enum Rule {
  /** The path names nothing that can hold a value, or has no such form. */
  PATH,
  UNKNOWN_OBJECT,
  UNKNOWN_RESOURCE,
  /** One where there may be several, or several where there may be one. */
  MULTIPLICITY,
  TYPE,
  RANGE,
  /** The Resource cannot be read, written or executed as asked. */
  OPERATIONS
}
