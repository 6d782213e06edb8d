package org.firstlight.dm.claim;

import java.io.IOException;
import java.io.InputStream;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.inventory.ImportReport;
import org.firstlight.dm.inventory.Lines;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.kit.http.Json;

/**
 * Claims a fleet, a device a line. A line that is refused stops nothing, and the same list again
 * claims what is left. Wrong codes count as guesses: after too many, what follows is refused until
 * the account may try again.
 */
public final class ClaimList {
  /** Of a list, in bytes. */
  public static final int LARGEST = 4 * 1024 * 1024;

  private static final Lines LINES = new Lines(4 * 1024, 5_000, LARGEST);

  private final Claims claims;

  public ClaimList(Claims claims) {
    this.claims = claims;
  }

  /**
   * @param ndjson a {@link ClaimLine} a line
   * @param tenant id of the service provider that is to own them
   */
  public ImportReport read(InputStream ndjson, String tenant, Principal by) throws IOException {
    ImportReport report = new ImportReport();
    LINES.read(ndjson, report, (line, json) -> take(line, json, tenant, by, report));
    return report;
  }

  private void take(int line, String json, String tenant, Principal by, ImportReport report) {
    Json.read(json, ClaimLine.class)
        .then(asked -> asked.wish(tenant).then(wish -> claims.claim(asked.code(), wish, by)))
        .refusal()
        .map(Failure::reason)
        .ifPresentOrElse(reason -> report.refuse(line, reason), report::accept);
  }
}
