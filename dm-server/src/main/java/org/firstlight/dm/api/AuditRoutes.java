package org.firstlight.dm.api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.audit.Audit;
import org.firstlight.fleet.audit.AuditEntry;
import org.firstlight.fleet.failure.DependencyUnavailableException;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.state.Stored;
import org.firstlight.kit.http.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who did what, page by page or as one file. */
final class AuditRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AuditRoutes.class);

  private final Audit audit;

  AuditRoutes(Audit audit) {
    this.audit = audit;
  }

  /**
   * @param principal of one's own tenant alone, as are {@code from} and {@code user}
   */
  record AuditView(
      String id,
      Instant at,
      String tenant,
      Optional<String> principal,
      Optional<String> from,
      Optional<String> user,
      String action,
      String target,
      String result) {
    static AuditView of(Stored<AuditEntry> stored, Principal by) {
      AuditEntry entry = stored.value();
      boolean own = by.isAdministrator() || entry.tenant().equals(by.tenant());
      return new AuditView(
          stored.id(),
          entry.at(),
          entry.tenant(),
          Optional.of(entry.principal()).filter(whose -> own),
          entry.from().filter(address -> own),
          entry.user().filter(whose -> own),
          entry.action(),
          entry.target(),
          entry.result());
    }
  }

  Answer list(Call call) {
    Audit.Wanted wanted = wanted(call);
    return Answer.ok(
        Call.Items.of(
            call.page((cursor, limit) -> audit.list(wanted, cursor, limit)),
            stored -> AuditView.of(stored, wanted.by())));
  }

  /**
   * Every act of the time that is asked for, a line each, newest first; the last line tells that it
   * is the last: a file that was cut off has none.
   */
  Answer export(Call call) {
    Audit.Wanted wanted = wanted(call);
    call.ctx()
        .contentType("application/x-ndjson")
        .header("Content-Disposition", "attachment; filename=\"audit.ndjson\"");
    OutputStream out = call.ctx().outputStream();
    AtomicInteger acts = new AtomicInteger();
    try {
      audit.forEach(
          wanted,
          stored -> {
            write(out, AuditView.of(stored, wanted.by()));
            acts.incrementAndGet();
          });
      write(out, new End(true, acts.get()));
    } catch (UncheckedIOException gone) {
      LOG.debug("whoever asked for the audit has left", gone);
    } catch (DependencyUnavailableException away) {
      if (acts.get() == 0) {
        // nothing is on its way yet: then it is a refusal like any other
        throw away;
      }
      LOG.warn("an export of the audit was cut off after {} acts: state is away", acts.get());
    }
    return Answer.streamed();
  }

  private record End(boolean end, int acts) {}

  private static void write(OutputStream out, Object line) {
    try {
      out.write((Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static Audit.Wanted wanted(Call call) {
    return new Audit.Wanted(
        call.principal(), time(call, "since"), time(call, "until"), call.query("target"));
  }

  private static Optional<Instant> time(Call call, String name) {
    try {
      return call.query(name).map(Instant::parse);
    } catch (DateTimeException none) {
      throw Call.refusal(FailureCode.MALFORMED, name + ": is a time such as 2026-11-27T08:00:00Z");
    }
  }
}
