package org.firstlight.dm.inventory;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.fleet.credential.KeyEncryption;
import org.firstlight.fleet.credential.PskRecord;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.kit.pki.CertificateNames;
import org.firstlight.kit.pki.Certificates;

/**
 * Lets an engineer's own client in: a claimed device under a manufacturer and a tenant that are
 * there for nothing else. Asked again for the same client, it gets new credentials.
 */
public final class Connections {
  /** Who owns these clients. */
  public static final String TENANT = Device.CONNECTED;

  private static final int BOOTSTRAP = 0;
  private static final int OPERATOR_ACCOUNT = 1;
  private static final int KEY_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final BlockingState state;
  private final KeyEncryption encryption;
  private final Clock clock;

  public Connections(BlockingState state, KeyEncryption encryption, Clock clock) {
    this.state = state;
    this.encryption = encryption;
    this.clock = clock;
  }

  /**
   * A key that is shown once.
   *
   * @param hex for its client alone
   */
  public record Psk(String identity, String hex) {
    @Override
    public String toString() {
      return "Psk[" + identity + "]";
    }
  }

  /** Keys for both servers. */
  public record Keys(Psk bootstrap, Psk dm) {}

  /** A client with a key for each server; it may go to either first. */
  public Outcome<Keys> withPsk(EndpointName name) {
    Psk bootstrap = psk(name, BOOTSTRAP);
    Psk dm = psk(name, OPERATOR_ACCOUNT);
    List<PskRecord> keys =
        List.of(
            record(bootstrap, name, BOOTSTRAP, true), record(dm, name, OPERATOR_ACCOUNT, false));
    return connect(name, "psk", Optional.empty(), DeviceState.BOOTSTRAPPED, keys)
        .map(done -> new Keys(bootstrap, dm));
  }

  /** A client without any credential, for loopback; it may go to either server first. */
  public Outcome<Boolean> withoutSecurity(EndpointName name) {
    return connect(name, Device.NO_SECURITY, Optional.empty(), DeviceState.BOOTSTRAPPED, List.of());
  }

  /** A client that shows exactly this certificate to the bootstrap server. */
  public Outcome<Boolean> withCertificate(EndpointName name, X509Certificate certificate) {
    if (certificate.getBasicConstraints() >= 0) {
      return Outcome.refused(FailureCode.MALFORMED, "certificate: is a CA's, not a client's");
    }
    List<String> names = CertificateNames.commonNames(certificate);
    if (names.size() != 1) {
      return Outcome.refused(
          FailureCode.MALFORMED,
          "certificate: has %d common names, one is wanted".formatted(names.size()));
    }
    return pin(name, names.get(0), certificate)
        .then(
            done ->
                connect(
                    name,
                    names.get(0),
                    Optional.of(Certificates.keySha256(certificate)),
                    DeviceState.CLAIMED,
                    List.of()));
  }

  private Outcome<Boolean> pin(EndpointName name, String id, X509Certificate certificate) {
    String pem = Certificates.pem(List.of(certificate)).strip();
    Optional<Stored<Manufacturer>> stored = state.find(Kinds.MANUFACTURER, Device.CONNECTED);
    Manufacturer maker = stored.map(Stored::value).orElseGet(() -> maker(List.of(), Map.of()));
    String holder = maker.endpointNames().get(id);
    if (holder != null && !holder.equals(name.value())) {
      return Outcome.refused(
          FailureCode.CONFLICT, "certificate: its common name is another client's");
    }
    List<String> anchors = new ArrayList<>(maker.anchors());
    if (!anchors.contains(pem)) {
      anchors.add(pem);
    }
    Map<String, String> endpointNames = new HashMap<>(maker.endpointNames());
    endpointNames.put(id, name.value());
    CommitOutcome outcome =
        state.commit(
            Change.in(Device.CONNECTED)
                .put(
                    Kinds.MANUFACTURER,
                    Device.CONNECTED,
                    stored.map(Stored::version).orElse(0L),
                    maker(anchors, endpointNames))
                .event(
                    event(
                        "manufacturer.changed",
                        Optional.empty(),
                        Map.of("id", Device.CONNECTED, "change", "saved")))
                .build());
    return outcome instanceof CommitOutcome.Committed
        ? Outcome.done(true)
        : Outcome.refused(FailureCode.CONFLICT, "another client was added at the same moment");
  }

  private static Manufacturer maker(List<String> anchors, Map<String, String> endpointNames) {
    return new Manufacturer(
        Device.CONNECTED,
        "Clients let in by connect",
        Manufacturer.State.ACTIVE,
        anchors,
        IdentityRule.COMMON_NAME,
        "",
        endpointNames,
        0,
        List.of());
  }

  private Outcome<Boolean> connect(
      EndpointName name,
      String factoryId,
      Optional<String> keySha256,
      DeviceState at,
      List<PskRecord> keys) {
    ensureTenant();
    Optional<Stored<Device>> before = state.find(Kinds.DEVICE, name.value());
    if (before.filter(device -> !device.value().manufacturer().equals(TENANT)).isPresent()) {
      return Outcome.refused(FailureCode.CONFLICT, "name: a device of a manufacturer has it");
    }
    Instant now = clock.instant();
    Device device =
        new Device(
            name,
            Device.CONNECTED,
            factoryId,
            keySha256,
            "client",
            name.value(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Claim(TENANT, now, List.of())),
            at,
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Change.Builder change =
        Change.in(name.value())
            .put(Kinds.DEVICE, name.value(), before.map(Stored::version).orElse(0L), device)
            .event(event("device.claimed", Optional.of(name), Map.of("by", "connect")));
    for (Stored<PskRecord> old : state.findAll(Kinds.PSK, name.value())) {
      change.delete(Kinds.PSK, old.id(), Change.ANY_VERSION);
    }
    keys.forEach(key -> change.put(Kinds.PSK, key.identity(), 0, key));
    return state.commit(change.build()) instanceof CommitOutcome.Committed
        ? Outcome.done(true)
        : Outcome.refused(FailureCode.CONFLICT, "the client is being let in at this moment");
  }

  private void ensureTenant() {
    Tenant tenant =
        new Tenant(
            TENANT,
            "Clients let in by connect",
            Tenant.Kind.SERVICE_PROVIDER,
            Optional.empty(),
            Optional.empty());
    // a conflict means that it is there
    state.commit(Change.in(TENANT).put(Kinds.TENANT, TENANT, 0, tenant).build());
    state.commit(
        Change.in(Device.CONNECTED)
            .put(Kinds.MANUFACTURER, Device.CONNECTED, 0, maker(List.of(), Map.of()))
            .build());
  }

  private static Psk psk(EndpointName name, int account) {
    byte[] random = new byte[6];
    RANDOM.nextBytes(random);
    return new Psk("%s#%d#%s".formatted(name, account, HexFormat.of().formatHex(random)), key());
  }

  private PskRecord record(Psk psk, EndpointName name, int account, boolean forBootstrap) {
    byte[] key = HexFormat.of().parseHex(psk.hex());
    try {
      return new PskRecord(
          psk.identity(),
          name,
          account,
          encryption.encrypt(key, PskRecord.keyContext(psk.identity())),
          clock.instant(),
          forBootstrap);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static String key() {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  private FleetEvent event(String type, Optional<EndpointName> name, Map<String, String> details) {
    return new FleetEvent(clock.instant(), type, name, name.map(client -> TENANT), details);
  }
}
