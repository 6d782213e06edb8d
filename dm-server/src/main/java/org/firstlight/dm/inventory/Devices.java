package org.firstlight.dm.inventory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.access.Sight;
import org.firstlight.fleet.credential.RevocationReason;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Search;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.subscription.SealedSubscription;

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

  /** A page of what the principal sees. */
  public Page<Device> list(
      Principal principal,
      Optional<String> cursor,
      int limit,
      DeviceFilter filter,
      DeviceSort sort) {
    Search search =
        new Search(words(principal, filter), filter.text(), sort.order(), sort.descending());
    return state.search(Kinds.DEVICE, search, cursor, limit);
  }

  /** How many of what the principal sees are in each state; a filter's text does not count. */
  public Map<DeviceState, Long> countStates(Principal principal, DeviceFilter filter) {
    Map<Word, DeviceState> states = new LinkedHashMap<>();
    for (DeviceState one : DeviceState.values()) {
      states.put(DeviceIndex.state(one), one);
    }
    Map<DeviceState, Long> counts = new EnumMap<>(DeviceState.class);
    state
        .count(Kinds.DEVICE, words(principal, filter), List.copyOf(states.keySet()))
        .forEach((word, count) -> counts.put(states.get(word), count));
    return counts;
  }

  private static Set<Word> words(Principal principal, DeviceFilter filter) {
    Set<Word> words = new HashSet<>(filter.words());
    Sight.word(principal).ifPresent(words::add);
    return words;
  }

  /** Gives the device other tags, in the version that the editor has seen. */
  public Outcome<Stored<Device>> tag(Stored<Device> device, Set<String> tags, long version) {
    Optional<String> fault = Tags.fault(tags);
    if (fault.isPresent()) {
      return Outcome.refused(FailureCode.MALFORMED, fault.get());
    }
    if (device.version() != version) {
      return Outcome.refused(IfMatch.mismatch(device.version(), version));
    }
    Device tagged = device.value().withTags(tags);
    Change change = change(device, tagged, "device.tagged", Map.of());
    return state.commit(change) instanceof CommitOutcome.Committed done
        ? Outcome.done(new Stored<>(device.id(), tagged, done.versions().get(0)))
        : Outcome.refused(IfMatch.lost());
  }

  /** Lets the device in nowhere any more: not at bootstrap, not at registration. */
  public Outcome<Stored<Device>> revoke(EndpointName name, IfMatch ifMatch, String reason) {
    return edit(
        name,
        ifMatch,
        "device.revoked",
        Map.of("reason", reason),
        device -> Outcome.done(device.withRevocation(Optional.of(reason))));
  }

  public Outcome<Stored<Device>> restore(EndpointName name, IfMatch ifMatch) {
    return edit(
        name, ifMatch, "device.restored", Map.of(), device -> Outcome.done(restored(device)));
  }

  /** Against the word of its CA's manufacturer: then that CA counts no more, or it would win. */
  private static Device restored(Device device) {
    boolean withItsAuthority =
        device.revocation().filter(DeniedAuthorities.REASON::equals).isPresent();
    Device restored = device.withRevocation(Optional.empty());
    return withItsAuthority ? restored.vouchedForBy(Optional.empty()) : restored;
  }

  /** Takes the device out of service for good. */
  public Outcome<Stored<Device>> retire(EndpointName name, IfMatch ifMatch) {
    return edit(
        name,
        ifMatch,
        "device.retired",
        Map.of(),
        device ->
            device.state().mayBecome(DeviceState.RETIRED)
                ? Outcome.done(device.become(DeviceState.RETIRED, clock.instant()))
                : Outcome.refused(FailureCode.CONFLICT, "it is retired already"));
  }

  private Outcome<Stored<Device>> edit(
      EndpointName name,
      IfMatch ifMatch,
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
              Outcome<Device> edited =
                  ifMatch
                      .refuse(stored.version())
                      .map(Outcome::<Device>refused)
                      .orElseGet(() -> how.apply(stored.value()));
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
    EndpointName name = device.endpointName();
    boolean wasRevoked = stored.value().revocation().isPresent();
    if (device.state() == DeviceState.RETIRED) {
      withdrawal.endCredentials(
          change, name, clock.instant(), RevocationReason.CESSATION_OF_OPERATION);
    } else if (device.revocation().isPresent() && !wasRevoked) {
      withdrawal.suspendCertificates(change, name, clock.instant());
    } else if (device.revocation().isEmpty() && wasRevoked) {
      withdrawal.resumeCertificates(change, name);
    }
    return change.build();
  }
}
