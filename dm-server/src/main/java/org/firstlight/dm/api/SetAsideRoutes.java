package org.firstlight.dm.api;

import java.time.Instant;
import java.util.Optional;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.SetAsideRecords;
import org.firstlight.fleet.state.Stored;

/** Records that could not be read, for the one who runs the platform. */
final class SetAsideRoutes {
  private final SetAsideRecords records;

  SetAsideRoutes(SetAsideRecords records) {
    this.records = records;
  }

  record View(
      String noteId,
      String kind,
      String home,
      String id,
      String reason,
      Optional<Instant> at,
      boolean moved) {
    static View of(Stored<SetAsideRecords.SetAside> stored) {
      SetAsideRecords.SetAside note = stored.value();
      return new View(
          stored.id(), note.kind(), note.home(), note.id(), note.reason(), note.at(), note.moved());
    }
  }

  Answer list(Call call) {
    return Answer.ok(
        Call.Items.of(
            call.page((cursor, limit) -> BlockingState.await(records.list(cursor, limit))),
            View::of));
  }

  Answer discard(Call call) {
    if (!BlockingState.await(records.discard(call.param("noteId")))) {
      throw Call.refusal(FailureCode.NOT_FOUND, "there is no such note");
    }
    return Answer.nothing();
  }
}
