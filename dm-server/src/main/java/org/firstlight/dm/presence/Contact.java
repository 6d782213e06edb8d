package org.firstlight.dm.presence;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.firstlight.dm.transport.Addresses;
import org.firstlight.dm.transport.Peer;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Whereabouts;
import org.jspecify.annotations.Nullable;

/**
 * A registered device as it was last heard: a few hundred bytes, for there may be a million.
 *
 * @param id of the registration
 * @param peer proven identity; requests go to it and to nobody else
 * @param address where it was last heard, as host:port
 * @param stored as this node last saw them in state
 * @param links fingerprint of its object links
 * @param standing what let it in; null if it was not judged by this node
 */
public record Contact(
    String id,
    int account,
    EndpointName endpointName,
    Peer peer,
    String address,
    Whereabouts stored,
    long links,
    @Nullable Standing standing) {
  public Contact {
    // most devices are heard where they are known to be: one text for both
    address = address.equals(stored.address()) ? stored.address() : address;
  }

  /**
   * Versions of the records that let a device register: while they are the same, so is the verdict.
   *
   * @param owner the device's, for its events
   * @param credential version of its credential's record; 0 for a device without
   */
  public record Standing(long device, long credential, @Nullable String owner) {
    public Standing {
      // owners are few, and have many devices
      owner = owner == null ? null : owner.intern();
    }
  }

  public InetSocketAddress socketAddress() {
    return Addresses.parse(address);
  }

  public Optional<Standing> judged() {
    return Optional.ofNullable(standing);
  }

  public Contact heardFrom(Peer now, String nowAt) {
    return new Contact(id, account, endpointName, now, nowAt, stored, links, standing);
  }

  public Contact stored(Whereabouts now, long nowLinks) {
    return new Contact(id, account, endpointName, peer, now.address(), now, nowLinks, standing);
  }
}
