package org.firstlight.simulator.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.firstlight.fleet.device.Eid;
import org.firstlight.simulator.subscription.Subscription;

/**
 * The operator's CSV: a heading {@code eid,iccid,imsi,k,opc,acc,plmns,pin,puk}, then a line per
 * subscription; K and OPc in hex, PLMNs with spaces between, PIN and PUK may be empty.
 */
public final class SubscriptionList {
  static final String HEADING = "eid,iccid,imsi,k,opc,acc,plmns,pin,puk";
  private static final int COLUMNS = 9;

  private SubscriptionList() {}

  /**
   * @param line number in the file, from 1
   */
  public record Row(int line, Eid eid, Subscription subscription) {}

  /**
   * Why a line is not used; says nothing of what it holds.
   *
   * @param line number in the file, from 1
   */
  public record Refusal(int line, String reason) {
    @Override
    public String toString() {
      return "line %d: %s".formatted(line, reason);
    }
  }

  /** What reads, and what does not. */
  public record Parsed(List<Row> rows, List<Refusal> refusals) {}

  public static Parsed parse(String csv) {
    List<String> lines = csv.lines().toList();
    List<Row> rows = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    if (lines.isEmpty() || !lines.get(0).strip().equals(HEADING)) {
      refusals.add(new Refusal(1, "the heading is not " + HEADING));
      return new Parsed(rows, refusals);
    }
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      try {
        rows.add(row(i + 1, lines.get(i).strip().split(",", -1)));
      } catch (IllegalArgumentException e) {
        refusals.add(new Refusal(i + 1, String.valueOf(e.getMessage())));
      }
    }
    return new Parsed(rows, refusals);
  }

  private static Row row(int line, String[] columns) {
    if (columns.length != COLUMNS) {
      throw new IllegalArgumentException("%d columns, not %d".formatted(columns.length, COLUMNS));
    }
    return new Row(
        line,
        new Eid(columns[0]),
        new Subscription(
            columns[1],
            columns[2],
            hex(columns[3], "K"),
            hex(columns[4], "OPc"),
            accessClass(columns[5]),
            Arrays.stream(columns[6].split(" ")).filter(one -> !one.isEmpty()).toList(),
            optional(columns[7]),
            optional(columns[8])));
  }

  private static byte[] hex(String text, String name) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is not hex"); // the cause would quote it
    }
  }

  private static int accessClass(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the access control class is not a number");
    }
  }

  private static Optional<String> optional(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** One line as {@link #parse} reads it. */
  static String line(Eid eid, Subscription subscription) {
    return String.join(
        ",",
        eid.value(),
        subscription.iccid(),
        subscription.imsi(),
        HexFormat.of().formatHex(subscription.k()),
        HexFormat.of().formatHex(subscription.opc()),
        String.valueOf(subscription.acc()),
        subscription.plmns().stream().collect(Collectors.joining(" ")),
        subscription.pin().orElse(""),
        subscription.puk().orElse(""));
  }
}
