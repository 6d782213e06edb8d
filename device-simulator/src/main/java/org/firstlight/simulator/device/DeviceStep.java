package org.firstlight.simulator.device;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that happened to a device, as it happened. Holds no secret.
 *
 * @param name {@code claim-code handshake bootstrap-request bootstrap-write bootstrap-finish
 *     bootstrap enrolment subscription register update de-register waiting cloud-credential failed}
 * @param details strings, numbers and truth values
 */
public record DeviceStep(
    Instant at, String endpointName, String name, boolean ok, Map<String, Object> details) {
  public DeviceStep {
    details = new LinkedHashMap<>(details);
  }

  /** One JSON object, no line end. */
  public String toJson() {
    StringBuilder json = new StringBuilder("{");
    member(json, "at", at.toString());
    member(json, "endpointName", endpointName);
    member(json, "step", name);
    member(json, "ok", ok);
    details.forEach((key, value) -> member(json, key, value));
    return json.append('}').toString();
  }

  private static void member(StringBuilder json, String name, Object value) {
    if (json.length() > 1) {
      json.append(',');
    }
    json.append(quoted(name)).append(':');
    json.append(
        value instanceof Number || value instanceof Boolean
            ? value.toString()
            : quoted(value.toString()));
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
