package org.firstlight.bootstrap.session;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Objects a device has, as far as it said. One that answered no Discover, or with a list that
 * names none, is believed to have all.
 */
final class DeviceObjects {
  static final DeviceObjects UNKNOWN = new DeviceObjects(Set.of());

  /** Only targets count: attributes differ from client to client, and some are not even legal. */
  private static final Pattern TARGET = Pattern.compile("<\\s*/(\\d{1,5})(?:/\\d{1,5})?\\s*>");

  private final Set<Integer> named;

  private DeviceObjects(Set<Integer> named) {
    this.named = Set.copyOf(named);
  }

  /** Reads a Bootstrap-Discover's payload, CoRE Link Format. */
  static DeviceObjects read(byte[] payload) {
    Set<Integer> named = new HashSet<>();
    Matcher target = TARGET.matcher(new String(payload, StandardCharsets.UTF_8));
    while (target.find()) {
      named.add(Integer.parseInt(target.group(1)));
    }
    return new DeviceObjects(named);
  }

  boolean lacks(int objectId) {
    return !named.isEmpty() && !named.contains(objectId);
  }
}
