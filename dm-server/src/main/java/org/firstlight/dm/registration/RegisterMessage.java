package org.firstlight.dm.registration;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;

/**
 * A Register as the client sent it (LwM2M Core 1.1.1 §6.2.1).
 *
 * @param version "1.0" where the client names none, as LwM2M 1.0 clients may
 * @param additional query parameters that have no field here
 */
record RegisterMessage(
    EndpointName endpointName,
    Duration lifetime,
    String version,
    String binding,
    boolean queueMode,
    KnownLinks.Sent links,
    Map<String, String> additional) {
  /** LwM2M Core 1.1.1 §6.2.1: when a Register has no lt. */
  static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(86_400);

  private static final Duration FOREVER = Duration.ofDays(36_500);
  private static final long MAX_LIFETIME_SECONDS = 0xffff_ffffL;
  private static final Set<String> VERSIONS = Set.of("1.0", "1.1", "1.2");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");
  private static final Pattern BINDING = Pattern.compile("[UMHTSNQ]{1,8}");
  private static final int MAX_PARAMETERS = 16;
  private static final int MAX_TEXT = 128;

  /** Reads it in the order of the answer codes: name 4.00, version 4.12, the rest 4.00. */
  static RegisterMessage read(List<String> query, byte[] payload, KnownLinks known)
      throws UnreadableMessageException {
    Map<String, String> parameters = parameters(query);
    String name = parameters.remove("ep");
    if (name == null) {
      throw UnreadableMessageException.malformed("the Register has no ep");
    }
    Optional<String> fault = EndpointName.fault(name);
    if (fault.isPresent()) {
      throw UnreadableMessageException.malformed(fault.get());
    }
    String version = Optional.ofNullable(parameters.remove("lwm2m")).orElse("1.0");
    if (!VERSIONS.contains(version)) {
      throw new UnreadableMessageException(
          FailureCode.PRECONDITION_FAILED, "LwM2M versions 1.0, 1.1 and 1.2 are spoken here");
    }
    Duration lifetime = lifetime(parameters).orElse(DEFAULT_LIFETIME);
    String binding = binding(parameters).orElse("U");
    boolean queueMode = parameters.remove("Q") != null || binding.contains("Q");
    return new RegisterMessage(
        new EndpointName(name),
        lifetime,
        version,
        binding,
        queueMode,
        known.read(payload),
        Map.copyOf(parameters));
  }

  static Map<String, String> parameters(List<String> query) throws UnreadableMessageException {
    if (query.size() > MAX_PARAMETERS) {
      throw UnreadableMessageException.malformed("too many query parameters");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : query) {
      if (parameter.length() > MAX_TEXT) {
        throw UnreadableMessageException.malformed("a query parameter is too long");
      }
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      if (parameters.put(name, value) != null) {
        throw UnreadableMessageException.malformed("a query parameter stands there twice");
      }
    }
    return parameters;
  }

  /** Takes lt out; 0 means for ever (LwM2M Core 1.2 §E.2, /1/x/1). */
  static Optional<Duration> lifetime(Map<String, String> parameters)
      throws UnreadableMessageException {
    String text = parameters.remove("lt");
    if (text == null) {
      return Optional.empty();
    }
    long seconds = SECONDS.matcher(text).matches() ? Long.parseLong(text) : Long.MAX_VALUE;
    if (seconds > MAX_LIFETIME_SECONDS) {
      throw UnreadableMessageException.malformed("lt is not a number of seconds");
    }
    return Optional.of(seconds == 0 ? FOREVER : Duration.ofSeconds(seconds));
  }

  /** Takes b out. */
  static Optional<String> binding(Map<String, String> parameters)
      throws UnreadableMessageException {
    String text = parameters.remove("b");
    if (text == null) {
      return Optional.empty();
    }
    if (!BINDING.matcher(text).matches()) {
      throw UnreadableMessageException.malformed("b is not a binding mode");
    }
    return Optional.of(text);
  }
}
