package org.firstlight.objects.ddf;

/** What is wrong with a DDF, in the words of its refusal; never leaves {@link DdfReader}. */
final class DdfFault extends Exception {
  DdfFault(int line, String reason) {
    super("line %d: %s".formatted(line, reason));
  }
}
