package org.firstlight.fleet.state;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.fleet.credential.OperationalCertificate;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.state.Index.Entry;
import org.firstlight.fleet.state.Index.Word;
import org.firstlight.fleet.subscription.SealedSubscription;

/** The inventory's index: by what devices are found, and how they are sorted. */
public final class DeviceIndex {
  /** Endpoint name, whatever its case. */
  public static final String BY_NAME = "name";

  /** When a device came into its state. */
  public static final String BY_STATE_SINCE = "since";

  /** Serial number, whatever its case. */
  public static final String BY_SERIAL = "serial";

  /** When its current operational certificate ends; of those devices that have one. */
  public static final String BY_CERTIFICATE_END = "certend";

  static final Index<Device> DEVICES =
      new Index<>(
          "dev",
          Set.of("state", "tenant", "model", "manufacturer", "revoked", "tag", "authority"),
          List.of(BY_NAME, BY_STATE_SINCE, BY_SERIAL),
          List.of(BY_NAME, BY_SERIAL),
          DeviceIndex::entry);

  /** A mobile operator finds the devices that hold one of its subscriptions. */
  static final Index<SealedSubscription> SUBSCRIPTIONS =
      new Index<>(
          "dev",
          Set.of("operator"),
          List.of(),
          List.of(),
          held -> new Entry(Set.of(operator(held.tenant())), Map.of()));

  static final Index<OperationalCertificate> CERTIFICATES =
      new Index<>(
          "dev",
          Set.of(),
          List.of(BY_CERTIFICATE_END),
          List.of(),
          held -> new Entry(Set.of(), Map.of(BY_CERTIFICATE_END, sortable(held.notAfter()))),
          OperationalCertificate::isCurrentId);

  public static Word state(DeviceState state) {
    return new Word("state", state.name());
  }

  /**
   * @param tenant empty for devices that nobody has claimed
   */
  public static Word owner(Optional<String> tenant) {
    return new Word("tenant", tenant.orElse(""));
  }

  public static Word model(String model) {
    return new Word("model", model);
  }

  public static Word manufacturer(String id) {
    return new Word("manufacturer", id);
  }

  public static Word revoked(boolean revoked) {
    return new Word("revoked", Boolean.toString(revoked));
  }

  /**
   * @param keySha256 of the CA that vouched for it; shortened, for it stands in every device's line
   */
  public static Word authority(String keySha256) {
    return new Word("authority", keySha256.substring(0, Math.min(16, keySha256.length())));
  }

  public static Word tag(String tag) {
    return new Word("tag", tag);
  }

  /**
   * @param tenant of the mobile operator
   */
  public static Word operator(String tenant) {
    return new Word("operator", tenant);
  }

  private static Entry entry(Device device) {
    Set<Word> words = new HashSet<>();
    words.add(state(device.state()));
    words.add(owner(device.owner()));
    words.add(model(device.model()));
    words.add(manufacturer(device.manufacturer()));
    words.add(revoked(device.revocation().isPresent()));
    device.tags().forEach(tag -> words.add(tag(tag)));
    device.authority().ifPresent(key -> words.add(authority(key)));
    return new Entry(
        words,
        Map.of(
            BY_NAME, "",
            BY_STATE_SINCE, sortable(device.stateSince()),
            BY_SERIAL, device.serialNumber().toLowerCase(Locale.ROOT)));
  }

  /** Milliseconds as text that sorts as time does, until the year 2527. */
  private static String sortable(Instant time) {
    return "%011x".formatted(Math.max(0, time.toEpochMilli()));
  }

  private DeviceIndex() {}
}
