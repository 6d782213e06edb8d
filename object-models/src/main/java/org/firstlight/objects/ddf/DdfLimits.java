package org.firstlight.objects.ddf;

/**
 * How large a DDF may be. Its depth needs no limit: an element that the schema does not know at its
 * place is refused, and the schema has five levels.
 *
 * @param maxBytes of the whole file
 * @param maxObjects in one file
 * @param maxResources of one Object
 * @param maxTextLength of one element, in characters
 */
public record DdfLimits(int maxBytes, int maxObjects, int maxResources, int maxTextLength) {
  /** Several times what the largest of OMA's files needs. */
  public static final DdfLimits DEFAULT = new DdfLimits(1 << 20, 64, 1_000, 20_000);
}
