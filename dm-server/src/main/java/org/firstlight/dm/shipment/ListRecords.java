package org.firstlight.dm.shipment;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.audit.Audit;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.shipment.ShipmentList.Bringer;
import org.firstlight.fleet.shipment.ShipmentList.Progress;
import org.firstlight.fleet.shipment.ShipmentList.State;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.fleet.tenant.Tenant;

/** The records of shipment lists, with the events that tell of their beginning and end. */
final class ListRecords {
  private final BlockingState state;
  private final Audit audit;
  private final Clock clock;

  ListRecords(BlockingState state, Audit audit, Clock clock) {
    this.state = state;
    this.audit = audit;
    this.clock = clock;
  }

  Optional<Stored<ShipmentList>> find(String id) {
    return state.find(Kinds.SHIPMENT, id);
  }

  List<Stored<ShipmentList>> all() {
    return state.listAll(Kinds.SHIPMENT, list -> true);
  }

  /** Begins it in the place of what there was; empty if somebody else was faster. */
  Optional<Stored<ShipmentList>> begin(ShipmentList list, long before) {
    return put(list, before, Optional.of(event(list, "shipment.begun", list.createdAt())));
  }

  /** Notes bytes that are stored; empty if somebody else has changed it meanwhile. */
  Optional<Stored<ShipmentList>> received(Stored<ShipmentList> list, long bytes) {
    return put(list.value().receiving(bytes, clock.instant()), list.version(), Optional.empty());
  }

  Stored<ShipmentList> reached(Stored<ShipmentList> list, Progress progress) {
    return put(list.value().applying(progress, clock.instant()), list.version(), Optional.empty())
        .orElseThrow(ListGoneException::new);
  }

  /** As it is now. */
  Stored<ShipmentList> again(Stored<ShipmentList> list) {
    return find(list.id()).orElseThrow(ListGoneException::new);
  }

  void end(Stored<ShipmentList> list, State how, Optional<String> why) {
    Instant now = clock.instant();
    ShipmentList ended = list.value().ended(how, why, now);
    put(ended, list.version(), Optional.of(event(ended, "shipment.ended", now)))
        .orElseThrow(ListGoneException::new);
    Bringer by = ended.by();
    BlockingState.await(
        audit.record(
            new Principal(by.tenant(), Tenant.Kind.valueOf(by.kind()), by.principal()),
            by.from(),
            Shipments.END,
            "%s: %d accepted, %d unchanged, %d refused"
                .formatted(
                    ended.id(),
                    ended.progress().accepted(),
                    ended.progress().unchanged(),
                    ended.progress().refused()),
            how == State.DONE ? "ok" : how.name()));
  }

  /** Has its worker take it away: it is the only one who removes what it works on. */
  boolean letGo(Stored<ShipmentList> list) {
    return put(list.value().deleted(clock.instant()), list.version(), Optional.empty()).isPresent();
  }

  boolean delete(Stored<ShipmentList> list) {
    return state.commit(
            Change.in(list.id()).delete(Kinds.SHIPMENT, list.id(), list.version()).build())
        instanceof CommitOutcome.Committed;
  }

  private Optional<Stored<ShipmentList>> put(
      ShipmentList list, long before, Optional<FleetEvent> event) {
    Change.Builder change = Change.in(list.id()).put(Kinds.SHIPMENT, list.id(), before, list);
    event.ifPresent(change::event);
    return state.commit(change.build()) instanceof CommitOutcome.Committed committed
        ? Optional.of(new Stored<>(list.id(), list, committed.versions().get(0)))
        : Optional.empty();
  }

  private static FleetEvent event(ShipmentList list, String type, Instant at) {
    Progress progress = list.progress();
    return new FleetEvent(
        at,
        type,
        Optional.empty(),
        Optional.of(list.manufacturer()),
        Map.of(
            "id", list.id(),
            "manufacturer", list.manufacturer(),
            "state", list.state().name(),
            "accepted", Integer.toString(progress.accepted()),
            "unchanged", Integer.toString(progress.unchanged()),
            "refused", Integer.toString(progress.refused())));
  }
}
