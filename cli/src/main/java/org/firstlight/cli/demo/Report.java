package org.firstlight.cli.demo;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the demo's devices went through, as {@code --report} writes it. */
record Report(boolean ok, List<DeviceReport> devices) {
  record DeviceReport(String endpointName, String state, List<StepReport> steps) {}

  record StepReport(String name, long ms, boolean ok, @JsonIgnore Map<String, String> details) {
    @JsonAnyGetter
    Map<String, String> more() {
      return details;
    }
  }

  /**
   * @param state as the API tells it
   * @param journey the API's answer for the device's journey
   */
  static DeviceReport device(String endpointName, String state, JsonNode journey) {
    List<StepReport> steps = new ArrayList<>();
    for (JsonNode step : journey.path("steps")) {
      Map<String, String> details = new TreeMap<>();
      step.path("details")
          .properties()
          .forEach(detail -> details.put(detail.getKey(), detail.getValue().asText()));
      steps.add(
          new StepReport(
              step.path("name").asText(),
              step.path("ms").asLong(),
              step.path("ok").asBoolean(),
              details));
    }
    return new DeviceReport(endpointName, state, steps);
  }

  void write(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.writeString(file, json.writeValueAsString(this) + "\n");
  }
}
