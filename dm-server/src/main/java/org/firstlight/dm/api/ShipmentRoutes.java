package org.firstlight.dm.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.firstlight.dm.shipment.Shipments;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.shipment.ShipmentList;
import org.firstlight.fleet.shipment.ShipmentList.Progress;
import org.firstlight.fleet.shipment.ShipmentList.State;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.http.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shipment lists of any length: their bytes in pieces, how far they are, and their reports. */
final class ShipmentRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(ShipmentRoutes.class);
  private static final long LARGEST_PIECE = 16L * 1024 * 1024;

  private final Shipments shipments;

  ShipmentRoutes(Shipments shipments) {
    this.shipments = shipments;
  }

  record ShipmentView(
      String id,
      String manufacturer,
      long size,
      String sha256,
      boolean signed,
      Optional<String> signer,
      String node,
      String broughtBy,
      State state,
      long received,
      long applied,
      int lines,
      int accepted,
      int unchanged,
      int refused,
      Optional<String> reason,
      Instant createdAt,
      Instant changedAt) {
    static ShipmentView of(Stored<ShipmentList> stored) {
      ShipmentList list = stored.value();
      Progress progress = list.progress();
      return new ShipmentView(
          list.id(),
          list.manufacturer(),
          list.size(),
          list.sha256(),
          list.signature().isPresent(),
          list.signer(),
          list.node(),
          list.by().tenant(),
          list.state(),
          list.received(),
          progress.position(),
          progress.lines(),
          progress.accepted(),
          progress.unchanged(),
          progress.refused(),
          list.reason(),
          list.createdAt(),
          list.changedAt());
    }
  }

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(shipments.list(call.principal()).stream().map(ShipmentView::of).toList()));
  }

  Answer begin(Call call) {
    Stored<ShipmentList> list =
        Call.demand(
            shipments.begin(
                call.body(Shipments.Announcement.class), call.principal(), call.ctx().ip()));
    return Answer.created(ShipmentView.of(list)).about(list.id());
  }

  Answer get(Call call) {
    return Answer.ok(ShipmentView.of(Call.demand(shipments.find(call.id(), call.principal()))));
  }

  Answer append(Call call) {
    String id = call.id();
    String offset = call.query("offset").orElse("");
    if (!offset.matches("[0-9]{1,12}")) {
      throw Call.refusal(FailureCode.MALFORMED, "offset: is a number of bytes");
    }
    // whose it is, before its bytes are looked at
    Call.demand(shipments.find(id, call.principal()));
    call.demandType("application/octet-stream");
    return Answer.ok(
        ShipmentView.of(
            Call.demand(
                shipments.append(
                    id, Long.parseLong(offset), call.stream(LARGEST_PIECE), call.principal()))));
  }

  Answer delete(Call call) {
    Call.demand(shipments.delete(call.id(), call.principal()));
    return Answer.nothing();
  }

  /** The last line of a report: one without it was cut off, or its list is not at its end. */
  private record End(
      boolean end,
      State state,
      Optional<String> reason,
      int lines,
      int accepted,
      int unchanged,
      int refused) {}

  Answer report(Call call) {
    ShipmentList list = Call.demand(shipments.reported(call.id(), call.principal()));
    call.ctx()
        .contentType("application/x-ndjson")
        .header(
            "Content-Disposition",
            "attachment; filename=\"shipment-%s.ndjson\"".formatted(list.id()));
    OutputStream out = call.ctx().outputStream();
    try {
      shipments.copyReport(list, out);
      if (list.state().ended()) {
        Progress all = list.progress();
        End end =
            new End(
                true,
                list.state(),
                list.reason(),
                all.lines(),
                all.accepted(),
                all.unchanged(),
                all.refused());
        out.write((Json.write(end) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException gone) {
      LOG.debug("the report of {} was cut off", list.id(), gone);
    }
    return Answer.streamed();
  }
}
