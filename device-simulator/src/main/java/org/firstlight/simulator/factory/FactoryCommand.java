package org.firstlight.simulator.factory;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.firstlight.fleet.trust.IdentityRule;
import org.firstlight.kit.crypto.CryptoProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code factory}: makes devices, eUICCs and an operator's keys in folders of their own. */
@Command(
    name = "factory",
    mixinStandardHelpOptions = true,
    description = "Makes simulated devices, their eUICCs and an operator's keys.")
public final class FactoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--out", required = true, description = "Folder to make; must hold no factory.")
  private Path out = Path.of(".");

  @Option(names = "--devices", defaultValue = "3", description = "How many (${DEFAULT-VALUE}).")
  private int devices;

  @Option(names = "--manufacturer", defaultValue = "acme", description = "Its id at the platform.")
  private String manufacturer = "";

  @Option(names = "--model", defaultValue = "FL-1")
  private String model = "";

  @Option(names = "--namespace", defaultValue = "urn:dev:ops:00005E-FL1-")
  private String namespace = "";

  @Option(
      names = "--identity-rule",
      defaultValue = "SAN_URI",
      description = "${COMPLETION-CANDIDATES}")
  private IdentityRule rule = IdentityRule.SAN_URI;

  @Option(names = "--operator-id", defaultValue = "firstlight-mobile")
  private String operatorId = "";

  @Option(
      names = "--crowd",
      description = {
        "For `crowd`: factory certificates alone, in one file, and the claim codes as a list.",
        "No eUICCs and no operator's keys: the EIDs are numbers alone."
      })
  private boolean crowd;

  @Override
  public Integer call() {
    CryptoProvider.install(Optional.empty());
    Order order = new Order(devices, manufacturer, model, namespace, rule, operatorId);
    Shipment shipment =
        crowd
            ? new CrowdFactory(out, Clock.systemUTC()).make(order)
            : new Factory(out, Clock.systemUTC()).make(order);
    PrintWriter print = spec.commandLine().getOut();
    print.printf("%d devices; shipment list: %s%n", shipment.devices().size(), shipment.list());
    print.flush();
    return 0;
  }
}
