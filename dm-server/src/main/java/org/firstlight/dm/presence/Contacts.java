package org.firstlight.dm.presence;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.californium.elements.EndpointContext;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.registration.Registration;
import org.jspecify.annotations.Nullable;

/** This node's memory of where each registered device was last heard. */
public final class Contacts {
  /** By account; the inner maps are never changed, only replaced. */
  private final Map<EndpointName, Map<Integer, Contact>> byDevice = new ConcurrentHashMap<>();

  private final Map<String, EndpointName> byRegistrationId = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, String> unsecured = new ConcurrentHashMap<>();

  /**
   * Remembers where the device spoke from.
   *
   * @return whether it is heard of for the first time since this node started or forgot it
   */
  public boolean heard(Registration registration, EndpointContext context, Instant now) {
    Contact contact = new Contact(registration, context, now);
    Optional<Contact> before = find(registration.account(), registration.endpointName());
    before.filter(known -> !isSame(known, registration)).ifPresent(this::forget);
    byDevice.compute(
        registration.endpointName(), (name, known) -> with(known, registration.account(), contact));
    byRegistrationId.put(registration.id(), registration.endpointName());
    if (context.getPeerIdentity() == null) {
      unsecured.put(context.getPeerAddress(), registration.id());
    }
    return before.isEmpty();
  }

  private static Map<Integer, Contact> with(
      @Nullable Map<Integer, Contact> known, int account, Contact contact) {
    Map<Integer, Contact> more = new TreeMap<>(known == null ? Map.of() : known);
    more.put(account, contact);
    return more;
  }

  private static boolean isSame(Contact contact, Registration registration) {
    return contact.registration().id().equals(registration.id());
  }

  public Optional<Contact> find(int account, EndpointName endpointName) {
    return Optional.ofNullable(
        byDevice.getOrDefault(endpointName, Map.<Integer, Contact>of()).get(account));
  }

  public Optional<Contact> find(String registrationId) {
    return Optional.ofNullable(byRegistrationId.get(registrationId)).stream()
        .flatMap(endpointName -> findAll(endpointName).stream())
        .filter(contact -> contact.registration().id().equals(registrationId))
        .findFirst();
  }

  /** Every contact of the device, one per account. */
  public List<Contact> findAll(EndpointName endpointName) {
    return new ArrayList<>(
        byDevice.getOrDefault(endpointName, Map.<Integer, Contact>of()).values());
  }

  /** Who registered from this address without security. */
  public Optional<Contact> findUnsecured(InetSocketAddress address) {
    return Optional.ofNullable(unsecured.get(address)).flatMap(this::find);
  }

  /** Every device that is known here, in no order. */
  public Set<EndpointName> endpointNames() {
    return Set.copyOf(byDevice.keySet());
  }

  /** Forgets a registration that ended; a newer one of the same device stays. */
  public void forget(Registration ended) {
    find(ended.account(), ended.endpointName())
        .filter(contact -> isSame(contact, ended))
        .ifPresent(this::forget);
    byRegistrationId.remove(ended.id());
  }

  private void forget(Contact contact) {
    Registration ended = contact.registration();
    byRegistrationId.remove(ended.id());
    unsecured.remove(contact.address(), ended.id());
    byDevice.computeIfPresent(
        ended.endpointName(),
        (name, known) -> {
          Map<Integer, Contact> fewer = new TreeMap<>(known);
          fewer.remove(ended.account(), contact);
          return fewer.isEmpty() ? null : fewer;
        });
  }
}
