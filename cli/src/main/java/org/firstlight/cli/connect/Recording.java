package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one client did while it was watched, as JSON; the file is written anew with each change, so
 * that no end of this process loses it. Holds no secret: the platform's answers here have none.
 */
final class Recording {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> file;
  private final String endpointName;
  private final String credential;
  private final String since = Instant.now().toString();
  private final ArrayNode events = JSON.createArrayNode();
  private final ArrayNode contacts = JSON.createArrayNode();
  private final ArrayNode failedHandshakes = JSON.createArrayNode();
  private final Map<String, JsonNode> sessions = new LinkedHashMap<>();

  /**
   * @param file where it goes, if anywhere
   * @param connection as the API answered it
   */
  Recording(Optional<Path> file, JsonNode connection) {
    this.file = file;
    this.endpointName = connection.path("endpointName").asText();
    this.credential = connection.path("credential").asText();
  }

  synchronized void event(JsonNode event) {
    events.add(event);
  }

  /** A Register or Update, by the registration as it is after it. */
  synchronized void contact(JsonNode registration) {
    contacts.add(registration);
  }

  /** Perhaps another client's. */
  synchronized void failedHandshake(JsonNode failure) {
    failedHandshakes.add(failure);
  }

  /** A bootstrap session as it stands now. */
  synchronized void session(JsonNode session) {
    sessions.put(session.path("id").asText(), session);
  }

  synchronized ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("endpointName", endpointName);
    json.put("credential", credential);
    json.put("from", since);
    json.put("to", Instant.now().toString());
    json.set("sessions", JSON.createArrayNode().addAll(sessions.values()));
    json.set("registrations", contacts.deepCopy());
    json.set("failedHandshakes", failedHandshakes.deepCopy());
    json.set("events", events.deepCopy());
    return json;
  }

  /**
   * @throws IOException if the file cannot be written
   */
  synchronized void save() throws IOException {
    if (file.isEmpty()) {
      return;
    }
    Path whole = file.get().toAbsolutePath();
    Path fresh = whole.resolveSibling(whole.getFileName() + ".new");
    Files.writeString(fresh, json().toPrettyString() + "\n");
    Files.move(fresh, whole, StandardCopyOption.REPLACE_EXISTING);
  }
}
