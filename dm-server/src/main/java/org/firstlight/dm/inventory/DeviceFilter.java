package org.firstlight.dm.inventory;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.tenant.Tenant;

/** The {@code filter} of the device list: words as {@code state:LOST}, which must all hold. */
public final class DeviceFilter {
  /** What becomes of a device after the sale is not its maker's to see, nor to ask for. */
  private static final Set<String> AFTER_SALE = Set.of("state", "tenant");

  private DeviceFilter() {}

  public static Outcome<Predicate<Device>> parse(String text, Principal by) {
    Outcome<Predicate<Device>> all = Outcome.done(device -> true);
    for (String word : text.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        all = all.then(before -> word(word, by).map(before::and));
      }
    }
    return all;
  }

  private static Outcome<Predicate<Device>> word(String word, Principal by) {
    int colon = word.indexOf(':');
    String name = colon < 0 ? "text" : word.substring(0, colon);
    String value = colon < 0 ? word : word.substring(colon + 1);
    if (value.isEmpty()) {
      return refused("filter: '%s' has no value".formatted(name));
    }
    if (by.kind() == Tenant.Kind.MANUFACTURER && AFTER_SALE.contains(name)) {
      return Outcome.refused(
          FailureCode.FORBIDDEN, "filter: %s is not shown to a manufacturer".formatted(name));
    }
    return switch (name) {
      case "state" -> state(value);
      case "tenant" -> Outcome.done(device -> owner(device, value));
      case "model" -> Outcome.done(device -> device.model().equals(value));
      case "manufacturer" -> Outcome.done(device -> device.manufacturer().equals(value));
      case "revoked" ->
          Outcome.done(device -> device.revocation().isPresent() == value.equals("true"));
      case "text" -> Outcome.done(device -> begins(device, value));
      // an endpoint name has colons of its own
      case "urn" -> Outcome.done(device -> begins(device, word));
      default ->
          refused("filter: the words are state:, tenant:, model:, manufacturer:, revoked:, text:");
    };
  }

  private static Outcome<Predicate<Device>> state(String value) {
    Optional<DeviceState> state =
        Arrays.stream(DeviceState.values()).filter(one -> one.name().equals(value)).findFirst();
    return state.isPresent()
        ? Outcome.done(device -> device.state() == state.get())
        : refused("filter: the states are " + Arrays.toString(DeviceState.values()));
  }

  private static boolean owner(Device device, String value) {
    return value.equals("none")
        ? device.owner().isEmpty()
        : device.owner().filter(value::equals).isPresent();
  }

  private static boolean begins(Device device, String prefix) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    return device.endpointName().value().toLowerCase(Locale.ROOT).startsWith(lower)
        || device.serialNumber().toLowerCase(Locale.ROOT).startsWith(lower);
  }

  private static Outcome<Predicate<Device>> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, reason);
  }
}
