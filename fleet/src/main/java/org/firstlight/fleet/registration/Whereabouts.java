package org.firstlight.fleet.registration;

import java.time.Duration;

/**
 * The part of a registration that an Update may change, its object links aside.
 *
 * @param binding as the client said it, or "U"
 * @param queueMode whether requests wait until the device is heard of
 * @param address the device's, as host:port
 * @param node the server process that holds the connection
 */
public record Whereabouts(
    Duration lifetime, String binding, boolean queueMode, String address, String node) {
  public Whereabouts {
    // remembered for each device, and the same for most
    binding = binding.intern();
    node = node.intern();
  }
}
