package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.ApiFailure;

/**
 * Prints what one client does, as it does it: the platform's events about it, each exchange of its
 * bootstrap sessions as it is stored, each Register and Update, and the handshakes that fail.
 */
final class LiveExchanges {
  private static final long LOOK_MS = 300;

  private final ApiClient api;
  private final String device;
  private final Recording recording;
  private final PrintStream out;
  private final Set<String> shown = new HashSet<>();
  private String lastContact = "";

  LiveExchanges(ApiClient api, String endpointName, Recording recording, PrintStream out) {
    this.api = api;
    this.device = ApiClient.segment(endpointName);
    this.recording = recording;
    this.out = out;
  }

  /** Returns when the platform ends the stream. */
  void follow() throws IOException, InterruptedException {
    Thread looking = new Thread(this::look, "connect-exchanges");
    looking.setDaemon(true);
    skipThePast();
    api.follow(
        "/events?endpointName=" + device,
        () -> {
          out.println("\nwaiting for your client … (Ctrl-C ends)");
          looking.start();
        },
        this::show);
    looking.interrupt();
    out.println("the platform has closed the connection");
  }

  /** An earlier run's sessions and registration are not this one's. */
  private void skipThePast() {
    for (JsonNode session : sessions()) {
      for (int i = 0; i < session.path("exchanges").size(); i++) {
        shown.add(key(session, i));
      }
      shown.add(session.path("id").asText());
    }
    lastContact = registration().path("lastContact").asText();
    handshakeFailures().forEach(failure -> shown.add(failure.toString()));
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(LOOK_MS);
        try {
          showExchanges();
          showContact();
          showFailedHandshakes();
        } catch (ApiFailure away) {
          // the stream tells of it, or the next look succeeds
        }
      }
    } catch (InterruptedException e) {
      // over
    }
  }

  private synchronized void show(JsonNode event) {
    // what led to an event is told before it
    showExchanges();
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
    out.printf("%s  %s%n", time(event.path("at")), text);
    recording.event(event);
    save();
  }

  private synchronized void showExchanges() {
    boolean news = false;
    for (JsonNode session : sessions()) {
      if (shown.contains(session.path("id").asText())) {
        continue;
      }
      int i = 0;
      for (JsonNode exchange : session.path("exchanges")) {
        if (shown.add(key(session, i++))) {
          out.printf(
              "%s    %-10s %-16s %-8s %5d ms  %d bytes  %s%n",
              time(exchange.path("at")),
              exchange.path("operation").asText(),
              exchange.path("path").asText(),
              exchange.path("result").asText(),
              exchange.path("ms").asLong(),
              exchange.path("bytes").asInt(),
              exchange.path("note").asText());
          news = true;
        }
      }
      boolean ended = session.hasNonNull("ended") && shown.add(session.path("id").asText());
      if (news || ended) {
        recording.session(session);
      }
      news |= ended;
    }
    if (news) {
      save();
    }
  }

  private synchronized void showContact() {
    JsonNode registration = registration();
    String contact = registration.path("lastContact").asText();
    if (contact.isEmpty() || contact.equals(lastContact)) {
      return;
    }
    lastContact = contact;
    out.printf(
        "%s    registered by LwM2M %s from %s, lifetime %d s%n",
        time(registration.path("lastContact")),
        registration.path("version").asText(),
        registration.path("address").asText(),
        registration.path("lifetime").asLong());
    recording.contact(registration);
    save();
  }

  /** Whose they are nobody can know: no identity was proven. */
  private synchronized void showFailedHandshakes() {
    for (JsonNode failure : handshakeFailures()) {
      if (shown.add(failure.toString())) {
        out.printf(
            "%s    a handshake failed, from %s %s: %s%n",
            time(failure.path("at")),
            failure.path("address").asText(),
            failure.path("subject").asText(),
            failure.path("reason").asText());
        recording.failedHandshake(failure);
        save();
      }
    }
  }

  private JsonNode handshakeFailures() {
    return api.get("/handshake-failures").path("items");
  }

  private JsonNode sessions() {
    return api.get("/devices/" + device + "/sessions").path("items");
  }

  private JsonNode registration() {
    return api.get("/devices/" + device).path("registration");
  }

  private static String key(JsonNode session, int exchange) {
    return session.path("id").asText() + "/" + exchange;
  }

  private void save() {
    try {
      recording.save();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot export: " + e.getMessage(), e);
    }
  }

  private static LocalTime time(JsonNode iso) {
    return OffsetDateTime.parse(iso.asText())
        .atZoneSameInstant(ZoneId.systemDefault())
        .toLocalTime()
        .truncatedTo(ChronoUnit.MILLIS);
  }
}
