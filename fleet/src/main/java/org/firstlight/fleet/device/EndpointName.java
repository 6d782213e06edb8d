package org.firstlight.fleet.device;

import java.util.Optional;

/**
 * Endpoint Client Name: 1 to 64 printable ASCII characters, without space and {@code " \ , + < > ;
 * = # { }} (LwM2M Core 1.1.1 §6.3.1 leaves the form open; this keeps it safe in keys, certificates
 * and links).
 */
public record EndpointName(String value) implements Comparable<EndpointName> {
  public static final int MAX_LENGTH = 64;
  private static final String FORBIDDEN = " \"\\,+<>;=#{}";

  public EndpointName {
    fault(value)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
  }

  /** The name that this text is, if it is one. */
  public static Optional<EndpointName> of(String text) {
    return fault(text).isEmpty() ? Optional.of(new EndpointName(text)) : Optional.empty();
  }

  /** What is wrong with this text as an endpoint name, in words for the one who sent it. */
  public static Optional<String> fault(String text) {
    if (text.isEmpty()) {
      return Optional.of("endpoint name is empty");
    }
    if (text.length() > MAX_LENGTH) {
      return Optional.of(
          "endpoint name has %d characters, %d are allowed".formatted(text.length(), MAX_LENGTH));
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c > '~' || FORBIDDEN.indexOf(c) >= 0) {
        return Optional.of(
            "endpoint name has a forbidden character (code %d) at position %d"
                .formatted((int) c, i));
      }
    }
    return Optional.empty();
  }

  @Override
  public int compareTo(EndpointName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
