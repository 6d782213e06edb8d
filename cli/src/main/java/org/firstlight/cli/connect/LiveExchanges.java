package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import org.firstlight.cli.ApiClient;

/** Prints what one client does, as it does it, until the process ends. */
final class LiveExchanges {
  private final ApiClient api;
  private final String device;
  private final PrintStream out;
  private final Set<String> shown = new HashSet<>();

  LiveExchanges(ApiClient api, String endpointName, PrintStream out) {
    this.api = api;
    this.device = ApiClient.segment(endpointName);
    this.out = out;
  }

  void follow() throws IOException, InterruptedException {
    api.follow(
        "/events?endpointName=" + device,
        () -> out.println("\nwaiting for your device … (Ctrl-C ends)"),
        this::show);
    out.println("the platform has closed the connection");
  }

  private void show(JsonNode event) {
    StringBuilder text = new StringBuilder(event.path("type").asText());
    event
        .path("details")
        .properties()
        .forEach(
            detail ->
                text.append("  ")
                    .append(detail.getKey())
                    .append(' ')
                    .append(detail.getValue().asText()));
    out.printf("%s  %s%n", time(event.path("at").asText()), text);
    if (event.path("type").asText().startsWith("device.bootstrap")) {
      showExchanges();
    }
  }

  private void showExchanges() {
    for (JsonNode session : api.get("/devices/" + device + "/sessions").path("items")) {
      int i = 0;
      for (JsonNode exchange : session.path("exchanges")) {
        if (shown.add(session.path("id").asText() + "/" + i++)) {
          out.printf(
              "%s    %-10s %-16s %-8s %5d ms  %d bytes  %s%n",
              time(exchange.path("at").asText()),
              exchange.path("operation").asText(),
              exchange.path("path").asText(),
              exchange.path("result").asText(),
              exchange.path("ms").asLong(),
              exchange.path("bytes").asInt(),
              exchange.path("note").asText());
        }
      }
    }
  }

  private static LocalTime time(String iso) {
    return OffsetDateTime.parse(iso)
        .atZoneSameInstant(ZoneId.systemDefault())
        .toLocalTime()
        .truncatedTo(ChronoUnit.MILLIS);
  }
}
