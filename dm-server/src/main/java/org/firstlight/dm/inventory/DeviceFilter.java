package org.firstlight.dm.inventory;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.access.Principal;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.DeviceIndex;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.tenant.Tenant;

/**
 * The {@code filter} of the device list: words as {@code state:LOST}, which must all hold.
 *
 * @param text how an endpoint name or serial number begins, in any case
 */
public record DeviceFilter(Set<Word> words, Optional<String> text) {
  public DeviceFilter {
    words = Set.copyOf(words);
  }

  /**
   * @param by who asks: what becomes of a device after the sale is not its maker's to see, nor to
   *     ask for
   */
  public static Outcome<DeviceFilter> parse(String text, Principal by) {
    Outcome<DeviceFilter> all = Outcome.done(new DeviceFilter(Set.of(), Optional.empty()));
    for (String word : text.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        all = all.then(before -> before.and(word, by.kind() == Tenant.Kind.MANUFACTURER));
      }
    }
    return all;
  }

  private Outcome<DeviceFilter> and(String word, boolean maker) {
    int colon = word.indexOf(':');
    String name = colon < 0 ? "text" : word.substring(0, colon);
    String value = colon < 0 ? word : word.substring(colon + 1);
    if (value.isEmpty()) {
      return refused("'%s' has no value".formatted(name));
    }
    return switch (name) {
      case "model" -> and(DeviceIndex.model(value));
      case "manufacturer" -> and(DeviceIndex.manufacturer(value));
      case "revoked" -> and(DeviceIndex.revoked(value.equals("true")));
      case "text" -> begins(value);
      // an endpoint name has colons of its own
      case "urn" -> begins(word);
      case "state", "tenant", "tag", "group" ->
          maker
              ? Outcome.refused(
                  FailureCode.FORBIDDEN,
                  "filter: %s is not shown to a manufacturer".formatted(name))
              : afterTheSale(name, value);
      default ->
          refused(
              "the words are state:, tenant:, model:, manufacturer:, group:, tag:, revoked:, text:");
    };
  }

  private Outcome<DeviceFilter> afterTheSale(String name, String value) {
    return switch (name) {
      case "state" -> state(value);
      case "tenant" ->
          and(DeviceIndex.owner(value.equals("none") ? Optional.empty() : Optional.of(value)));
      case "group" -> and(DeviceIndex.tag(Tags.group(value)));
      default -> and(DeviceIndex.tag(value));
    };
  }

  private Outcome<DeviceFilter> state(String value) {
    return Arrays.stream(DeviceState.values())
        .filter(one -> one.name().equals(value))
        .findFirst()
        .map(state -> and(DeviceIndex.state(state)))
        .orElseGet(() -> refused("the states are " + Arrays.toString(DeviceState.values())));
  }

  private Outcome<DeviceFilter> begins(String value) {
    return text.isPresent()
        ? refused("one text is enough")
        : Outcome.done(new DeviceFilter(words, Optional.of(value)));
  }

  private Outcome<DeviceFilter> and(Word word) {
    Set<Word> more = new HashSet<>(words);
    more.add(word);
    return Outcome.done(new DeviceFilter(more, text));
  }

  private static Outcome<DeviceFilter> refused(String reason) {
    return Outcome.refused(FailureCode.MALFORMED, "filter: " + reason);
  }
}
