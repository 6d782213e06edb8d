package org.firstlight.benchmarks;

import org.firstlight.benchmarks.bootstrap.BootstrapCommand;
import org.firstlight.benchmarks.handshake.HandshakeCommand;
import org.firstlight.benchmarks.powercut.PowerCutCommand;
import org.firstlight.benchmarks.restart.RestartCommand;
import org.firstlight.benchmarks.shipment.ImportCommand;
import org.firstlight.benchmarks.state.StateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./firstlight bench}: without a name, every bench. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Firstlight beside the reference stack.",
    subcommands = {
      StateCommand.class,
      ImportCommand.class,
      HandshakeCommand.class,
      BootstrapCommand.class,
      RestartCommand.class,
      PowerCutCommand.class
    })
public final class Bench {
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
