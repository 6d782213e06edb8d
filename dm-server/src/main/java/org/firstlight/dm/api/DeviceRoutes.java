package org.firstlight.dm.api;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.firstlight.dm.inventory.DeviceFilter;
import org.firstlight.dm.inventory.DeviceLine;
import org.firstlight.dm.inventory.DeviceSort;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.inventory.ImportReport;
import org.firstlight.dm.inventory.Shipment;
import org.firstlight.dm.inventory.Texts;
import org.firstlight.fleet.device.Claim;
import org.firstlight.fleet.device.Device;
import org.firstlight.fleet.device.DeviceState;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.registration.Registration;
import org.firstlight.fleet.session.BootstrapSession;
import org.firstlight.fleet.session.Step;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.JourneyRecord;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Page;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.tenant.Tenant;

/** The fleet, and one device's way so far. */
final class DeviceRoutes {
  private static final int LARGEST_ITEMS = 10 * 1024 * 1024;
  private static final long LARGEST_LIST = 100L * 1024 * 1024;

  private final Stores stores;
  private final Devices devices;
  private final DeviceViews views;
  private final Clock clock;

  DeviceRoutes(Stores stores, Devices devices, DeviceViews views, Clock clock) {
    this.stores = stores;
    this.devices = devices;
    this.views = views;
    this.clock = clock;
  }

  record ItemList(List<DeviceLine> items) {}

  record Imported(int accepted, List<ImportReport.Refusal> refused, int refusedCount) {
    static Imported of(ImportReport report) {
      return new Imported(report.accepted(), report.refused(), report.refusedCount());
    }

    String inShort() {
      return "%d accepted, %d refused".formatted(accepted, refusedCount);
    }
  }

  record Reason(String reason) {}

  record Journey(List<Step> steps) {}

  record RegistrationDetail(
      String id,
      int account,
      Instant registeredAt,
      Instant lastContact,
      Instant expiresAt,
      long lifetime,
      String version,
      String binding,
      boolean queueMode,
      String address,
      String objectLinks,
      String node) {
    static RegistrationDetail of(Registration one) {
      return new RegistrationDetail(
          one.id(),
          one.account(),
          one.registeredAt(),
          one.lastContact(),
          one.expiresAt(),
          one.lifetime().toSeconds(),
          one.lwM2mVersion(),
          one.binding(),
          one.queueMode(),
          one.address(),
          one.objectLinks(),
          one.node());
    }
  }

  Answer list(Call call) {
    DeviceFilter filter = filter(call);
    DeviceSort sort =
        Call.demand(DeviceSort.parse(call.query("sort").orElse("endpointName"), call.principal()));
    Page<Device> page =
        call.page((cursor, limit) -> devices.list(call.principal(), cursor, limit, filter, sort));
    return Answer.ok(new Call.Items(views.summaries(page.items(), call.principal()), page.next()));
  }

  record StateCounts(long total, Map<DeviceState, Long> states) {}

  /** From the index alone, whatever the size of the fleet. */
  Answer count(Call call) {
    Map<DeviceState, Long> states = devices.countStates(call.principal(), filter(call));
    long total = states.values().stream().mapToLong(Long::longValue).sum();
    return Answer.ok(new StateCounts(total, states));
  }

  private static DeviceFilter filter(Call call) {
    return Call.demand(DeviceFilter.parse(call.query("filter").orElse(""), call.principal()));
  }

  record TagList(Set<String> tags) {}

  Answer tag(Call call) {
    Stored<Device> device = seen(call);
    Set<String> tags = call.body(TagList.class).tags();
    long version =
        call.precondition()
            .ifMatch()
            .orElseThrow(
                () ->
                    Call.refusal(
                        FailureCode.PRECONDITION_FAILED,
                        "it is in version %d: send If-Match to change it"
                            .formatted(device.version())));
    return shown(call, Call.demand(devices.tag(device, tags, version)));
  }

  Answer importList(Call call) throws IOException {
    Shipment shipment = new Shipment(stores.records(), clock, call.principal());
    Imported imported =
        Imported.of(
            call.isOfType("application/x-ndjson")
                ? shipment.read(call.stream(LARGEST_LIST))
                : shipment.read(call.body(ItemList.class, LARGEST_ITEMS).items()));
    return Answer.ok(imported).about(imported.inShort());
  }

  Answer get(Call call) {
    return shown(call, seen(call));
  }

  Answer revoke(Call call) {
    Stored<Device> device = seen(call);
    Reason reason = call.body(Reason.class);
    if (Texts.name("reason", reason.reason()).isPresent()) {
      throw Call.refusal(FailureCode.MALFORMED, "reason: has 1 to 80 printable characters");
    }
    return shown(
        call,
        Call.demand(
            devices.revoke(device.value().endpointName(), call.ifMatch(), reason.reason())));
  }

  Answer restore(Call call) {
    return shown(
        call, Call.demand(devices.restore(seen(call).value().endpointName(), call.ifMatch())));
  }

  Answer retire(Call call) {
    return shown(
        call, Call.demand(devices.retire(seen(call).value().endpointName(), call.ifMatch())));
  }

  Answer journey(Call call) {
    String home = seen(call).id();
    Optional<Stored<JourneyRecord>> found =
        BlockingState.await(stores.records().find(Kinds.JOURNEY, home, home));
    return Answer.ok(new Journey(found.map(one -> one.value().steps()).orElse(List.of())));
  }

  /** An owner sees those of its own time. */
  Answer sessions(Call call) {
    Stored<Device> device = seen(call);
    String home = device.id();
    Instant from =
        device
            .value()
            .claim()
            .filter(claim -> call.principal().kind() == Tenant.Kind.SERVICE_PROVIDER)
            .map(Claim::at)
            .orElse(Instant.EPOCH);
    List<BootstrapSession> all =
        BlockingState.await(stores.records().findAll(Kinds.SESSION, home)).stream()
            .map(Stored::value)
            .filter(session -> !session.started().isBefore(from))
            .sorted(Comparator.comparing(BootstrapSession::id).reversed())
            .toList();
    return Answer.ok(Call.Items.of(all));
  }

  Answer registrations(Call call) {
    List<RegistrationDetail> all =
        BlockingState.await(stores.registrations().findAll(seen(call).value().endpointName()))
            .stream()
            .map(RegistrationDetail::of)
            .toList();
    return Answer.ok(Call.Items.of(all));
  }

  private Stored<Device> seen(Call call) {
    return Call.demand(devices.find(call.param("endpointName"), call.principal()));
  }

  private Answer shown(Call call, Stored<Device> device) {
    return Answer.ok(views.detail(device, call.principal())).withVersion(device.version());
  }
}
