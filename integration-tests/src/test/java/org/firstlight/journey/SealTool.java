package org.firstlight.journey;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.firstlight.simulator.factory.Shipment;
import org.firstlight.simulator.operator.SealCommand;

/** {@code firstlight seal}, in a process of its own, at the operator's desk. */
final class SealTool {
  private final Shipment shipment;

  SealTool(Shipment shipment) {
    this.shipment = shipment;
  }

  /**
   * @param lines what it sealed, for the import
   * @param words what it printed
   */
  record Outcome(int exit, String lines, String words) {}

  /** Seals the CSV's subscriptions with the operator's own key and certificate. */
  Outcome seal(Path csv) {
    return seal(csv, "operator");
  }

  /**
   * @param signer name of the key and certificate in the operator's folder
   */
  Outcome seal(Path csv, String signer) {
    Path operator = shipment.operatorFolder();
    try {
      Path out = Files.createTempFile(operator, "sealed", ".ndjson");
      Files.delete(out);
      List<String> arguments =
          List.of(
              "--subscriptions=" + csv,
              "--euicc-certificates=" + operator.resolve("euicc-certificates"),
              "--euicc-roots=" + operator.resolve("euicc-roots.pem"),
              "--operator-key=" + operator.resolve(signer + ".key.pem"),
              "--operator-certificate=" + operator.resolve(signer + ".pem"),
              "--out=" + out);
      Child child =
          Child.java(
              Files.createTempFile(operator, "seal", ".out"),
              List.of("-Xmx96m"),
              SealCommand.class.getName(),
              arguments);
      int exit = child.end();
      return new Outcome(exit, Files.exists(out) ? Files.readString(out) : "", child.output());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
