package org.firstlight.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Shows each device's steps in the terminal as they happen. */
final class JourneyPrinter {
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream out;
  private final boolean colours;

  JourneyPrinter(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  void headline(String text) {
    out.println();
    out.println(paint(BOLD, text));
  }

  void line(String text) {
    out.println("  " + text);
  }

  /** Prints the event if it is one that tells of a device's journey. */
  void event(JsonNode event) {
    String device = event.path("endpointName").asText("");
    JsonNode details = event.path("details");
    switch (event.path("type").asText()) {
      case "journey.step" -> step(device, details);
      case "device.waiting" ->
          row(device, paint(DIM, "… waiting"), details.path("reason").asText());
      case "device.refused", "device.bootstrap-failed" ->
          row(device, paint(RED, "✗ refused"), details.path("reason").asText());
      case "device.claimed" -> row(device, paint(GREEN, "✓ claimed"), "by its owner");
      case "subscription.installed" ->
          row(device, paint(GREEN, "✓ receipt"), "signed by the eUICC, verified");
      case "handshake.failed" ->
          row("", paint(RED, "✗ handshake"), details.path("reason").asText());
      default -> {}
    }
  }

  private void step(String device, JsonNode details) {
    Map<String, String> more = new TreeMap<>();
    details.properties().forEach(detail -> more.put(detail.getKey(), detail.getValue().asText()));
    boolean ok = Boolean.parseBoolean(more.remove("ok"));
    String name = more.remove("name");
    String ms = more.remove("ms");
    String text =
        more.entrySet().stream()
            .map(detail -> detail.getKey() + " " + detail.getValue())
            .collect(Collectors.joining(", "));
    row(
        device,
        ok ? paint(GREEN, "✓ ") + name : paint(RED, "✗ ") + name,
        "%6s ms  %s".formatted(ms, paint(DIM, text)));
  }

  private synchronized void row(String device, String what, String more) {
    int width = 14 + what.length() - visible(what);
    out.printf("  %-34s %-" + width + "s %s%n", device, what, more);
  }

  private static int visible(String text) {
    return text.replaceAll("\u001b\\[[0-9]*m", "").length();
  }

  private String paint(String colour, String text) {
    return colours ? colour + text + PLAIN : text;
  }
}
