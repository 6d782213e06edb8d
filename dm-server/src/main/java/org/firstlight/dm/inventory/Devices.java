package org.firstlight.dm.inventory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.Sight;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;
import org.firstlight.fleet.tenant.Tenant;

/** The fleet as a principal may see it, and taking a device out of it. */
public final class Devices {
  private final BlockingState state;
  private final Withdrawal withdrawal;
  private final Clock clock;

  public Devices(BlockingState state, Withdrawal withdrawal, Clock clock) {
    this.state = state;
    this.withdrawal = withdrawal;
    this.clock = clock;
  }

  /** The device, if there is one of this name that the principal sees. */
  public Outcome<Stored<Device>> find(String endpointName, Principal principal) {
    Optional<Stored<Device>> found =
        EndpointName.fault(endpointName).isPresent()
            ? Optional.empty()
            : state
                .find(Kinds.DEVICE, endpointName)
                .filter(
                    stored -> Sight.sees(principal, stored.value(), subscriptions(endpointName)));
    return found
        .map(Outcome::done)
        .orElseGet(() -> Outcome.refused(FailureCode.NOT_FOUND, "there is no such device"));
  }

  private List<SealedSubscription> subscriptions(String endpointName) {
    return state.findAll(Kinds.SUBSCRIPTION, endpointName).stream().map(Stored::value).toList();
  }

  /** A page of what the principal sees, by endpoint name; a mobile operator's by package id. */
  public Page<Device> list(
      Principal principal, Optional<String> cursor, int limit, Predicate<Device> filter) {
    return principal.kind() == Tenant.Kind.MOBILE_OPERATOR
        ? withSubscriptionOf(principal, cursor, limit, filter)
        : state.list(
            Kinds.DEVICE,
            cursor,
            limit,
            device -> Sight.sees(principal, device, List.of()) && filter.test(device));
  }

  /** Its subscriptions lead to its devices; each is shown with the newest of them. */
  private Page<Device> withSubscriptionOf(
      Principal operator, Optional<String> cursor, int limit, Predicate<Device> filter) {
    Page<SealedSubscription> page =
        state.list(
            Kinds.SUBSCRIPTION, cursor, limit, one -> one.tenant().equals(operator.tenant()));
    List<Stored<Device>> devices = new ArrayList<>();
    for (Stored<SealedSubscription> stored : page.items()) {
      String home = stored.value().endpointName().value();
      boolean newest =
          subscriptions(home).stream()
              .filter(one -> one.tenant().equals(operator.tenant()))
              .max(Comparator.comparingLong(SealedSubscription::counter))
              .filter(one -> one.packageId().equals(stored.value().packageId()))
              .isPresent();
      if (newest) {
        state
            .find(Kinds.DEVICE, home)
            .filter(device -> filter.test(device.value()))
            .ifPresent(devices::add);
      }
    }
    return new Page<>(devices, page.next());
  }

  /** Lets the device in nowhere any more: not at bootstrap, not at registration. */
  public Outcome<Stored<Device>> revoke(EndpointName name, String reason) {
    return edit(
        name,
        "device.revoked",
        Map.of("reason", reason),
        device -> Outcome.done(device.withRevocation(Optional.of(reason))));
  }

  public Outcome<Stored<Device>> restore(EndpointName name) {
    return edit(
        name,
        "device.restored",
        Map.of(),
        device -> Outcome.done(device.withRevocation(Optional.empty())));
  }

  /** Takes the device out of service for good. */
  public Outcome<Stored<Device>> retire(EndpointName name) {
    return edit(
        name,
        "device.retired",
        Map.of(),
        device ->
            device.state().mayBecome(DeviceState.RETIRED)
                ? Outcome.done(device.become(DeviceState.RETIRED, clock.instant()))
                : Outcome.refused(FailureCode.CONFLICT, "it is retired already"));
  }

  private Outcome<Stored<Device>> edit(
      EndpointName name,
      String event,
      Map<String, String> details,
      Function<Device, Outcome<Device>> how) {
    List<Outcome<Device>> last = new ArrayList<>();
    Optional<Stored<Device>> now =
        state.edit(
            Kinds.DEVICE,
            name.value(),
            name.value(),
            stored -> {
              Outcome<Device> edited = how.apply(stored.value());
              last.clear();
              last.add(edited);
              return edited.result().map(device -> change(stored, device, event, details));
            });
    if (now.isEmpty()) {
      return Outcome.refused(FailureCode.NOT_FOUND, "there is no such device");
    }
    return last.get(0).map(done -> now.get());
  }

  private Change change(
      Stored<Device> stored, Device device, String event, Map<String, String> details) {
    Change.Builder change =
        Change.in(stored.id())
            .put(Kinds.DEVICE, stored.id(), stored.version(), device)
            .event(
                new FleetEvent(
                    clock.instant(),
                    event,
                    Optional.of(device.endpointName()),
                    device.owner(),
                    details));
    if (device.revocation().isPresent() || device.state() == DeviceState.RETIRED) {
      withdrawal.endRegistrations(change);
    }
    if (device.state() == DeviceState.RETIRED) {
      withdrawal.endCredentials(change, device.endpointName());
    }
    return change.build();
  }
}
