package org.firstlight.dm.presence;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;

/** This node's memory of where each registered device was last heard. */
public final class Contacts {
  private record Key(int account, EndpointName endpointName) {}

  private final Map<Key, Contact> byDevice = new ConcurrentHashMap<>();
  private final Map<String, Key> byRegistrationId = new ConcurrentHashMap<>();

  /**
   * Remembers where the device spoke from.
   *
   * @return whether it is heard of for the first time since this node started or forgot it
   */
  public boolean heard(Registration registration, EndpointContext context, Instant now) {
    Key key = new Key(registration.account(), registration.endpointName());
    Contact before = byDevice.put(key, new Contact(registration, context, now));
    byRegistrationId.put(registration.id(), key);
    if (before != null && !before.registration().id().equals(registration.id())) {
      byRegistrationId.remove(before.registration().id());
    }
    return before == null;
  }

  public Optional<Contact> find(int account, EndpointName endpointName) {
    return Optional.ofNullable(byDevice.get(new Key(account, endpointName)));
  }

  public Optional<Contact> find(String registrationId) {
    return Optional.ofNullable(byRegistrationId.get(registrationId)).map(byDevice::get);
  }

  /** Every contact of the device, one per account. */
  public List<Contact> findAll(EndpointName endpointName) {
    return byDevice.entrySet().stream()
        .filter(entry -> entry.getKey().endpointName().equals(endpointName))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Who registered from this address without security. */
  public Optional<Contact> findUnsecured(InetSocketAddress address) {
    return byDevice.values().stream()
        .filter(contact -> contact.context().getPeerIdentity() == null)
        .filter(contact -> contact.address().equals(address))
        .findFirst();
  }

  /** Every device that is known here, in no order. */
  public Set<EndpointName> endpointNames() {
    return byDevice.keySet().stream()
        .map(Key::endpointName)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Forgets a registration that ended; a newer one of the same device stays. */
  public void forget(Registration ended) {
    byRegistrationId.remove(ended.id());
    byDevice.computeIfPresent(
        new Key(ended.account(), ended.endpointName()),
        (key, contact) -> contact.registration().id().equals(ended.id()) ? null : contact);
  }
}
