package org.firstlight.dm.presence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.firstlight.dm.transport.Peer;
import org.firstlight.fleet.device.EndpointName;
import org.jspecify.annotations.Nullable;

/**
 * This node's memory of the registered devices that it heard. It may forget any of them: whoever
 * misses one reads state.
 */
public final class Contacts {
  /** One per account; the lists are never changed, only replaced. */
  private final Map<EndpointName, List<Contact>> byDevice = new ConcurrentHashMap<>();

  private final Map<String, Contact> byId = new ConcurrentHashMap<>();

  /** Registration ids by address. */
  private final Map<String, String> unsecured = new ConcurrentHashMap<>();

  /** Remembers it, in place of what was known of the device and account. */
  public void remember(Contact contact) {
    byDevice.compute(contact.endpointName(), (name, known) -> with(known, contact));
  }

  private List<Contact> with(@Nullable List<Contact> known, Contact contact) {
    List<Contact> all = new ArrayList<>(List.of(contact));
    for (Contact before : known == null ? List.<Contact>of() : known) {
      if (before.account() != contact.account()) {
        all.add(before);
      } else if (!before.id().equals(contact.id()) || !before.address().equals(contact.address())) {
        remove(before);
      }
    }
    byId.put(contact.id(), contact);
    if (contact.peer() instanceof Peer.Unsecured) {
      unsecured.put(contact.address(), contact.id());
    }
    return List.copyOf(all);
  }

  /**
   * The same of one that was heard again, unless a newer one of the device and account is known.
   */
  public void refresh(Contact contact) {
    byDevice.compute(
        contact.endpointName(),
        (name, known) ->
            known != null && known.stream().anyMatch(other -> isOther(other, contact))
                ? known
                : with(known, contact));
  }

  private static boolean isOther(Contact one, Contact contact) {
    return one.account() == contact.account() && !one.id().equals(contact.id());
  }

  /** It was heard there. Nothing changes if it has ended since, or belongs to another peer. */
  public void heardFrom(String registrationId, Peer peer, String address) {
    find(registrationId)
        .ifPresent(
            found ->
                byDevice.computeIfPresent(
                    found.endpointName(),
                    (name, known) ->
                        known.stream()
                            .filter(one -> one.id().equals(registrationId))
                            .filter(one -> one.peer().equals(peer))
                            .findFirst()
                            .map(one -> with(known, one.heardFrom(peer, address)))
                            .orElse(known)));
  }

  public Optional<Contact> find(int account, EndpointName endpointName) {
    return findAll(endpointName).stream()
        .filter(contact -> contact.account() == account)
        .findFirst();
  }

  public Optional<Contact> find(String registrationId) {
    return Optional.ofNullable(byId.get(registrationId));
  }

  /** Every contact of the device, one per account. */
  public List<Contact> findAll(EndpointName endpointName) {
    return byDevice.getOrDefault(endpointName, List.of());
  }

  /** Who registered from this address without security. */
  public Optional<Contact> findUnsecured(String address) {
    return Optional.ofNullable(unsecured.get(address)).flatMap(this::find);
  }

  /** Every device that is known here, in no order. */
  public Set<EndpointName> endpointNames() {
    return Set.copyOf(byDevice.keySet());
  }

  /** Forgets a registration that ended; a newer one of the same device stays. */
  public void forget(String registrationId) {
    find(registrationId)
        .ifPresent(
            ended ->
                byDevice.computeIfPresent(
                    ended.endpointName(),
                    (name, known) -> {
                      remove(ended);
                      List<Contact> left =
                          known.stream()
                              .filter(contact -> !contact.id().equals(registrationId))
                              .toList();
                      return left.isEmpty() ? null : left;
                    }));
  }

  /** Forgets all about a device: what it may was changed. */
  public void forget(EndpointName endpointName) {
    byDevice.computeIfPresent(
        endpointName,
        (name, known) -> {
          known.forEach(this::remove);
          return null;
        });
  }

  private void remove(Contact contact) {
    byId.remove(contact.id());
    unsecured.remove(contact.address(), contact.id());
  }
}
