package org.firstlight.cli;

import org.firstlight.cli.backup.BackupCommand;
import org.firstlight.cli.backup.RestoreCommand;
import org.firstlight.cli.connect.ConnectCommand;
import org.firstlight.cli.demo.DemoCommand;
import org.firstlight.cli.lists.ImportCommand;
import org.firstlight.simulator.SimulatorMain;
import org.firstlight.simulator.crowd.CrowdCommand;
import org.firstlight.simulator.factory.FactoryCommand;
import org.firstlight.simulator.operator.SealCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code firstlight} command. */
@Command(
    name = "firstlight",
    mixinStandardHelpOptions = true,
    version = "Firstlight 0.1.0",
    description = "Takes devices from their factory certificate to a managed fleet.",
    subcommands = {
      DemoCommand.class,
      ServerCommand.Up.class,
      ServerCommand.Bootstrap.class,
      ServerCommand.Dm.class,
      SignInLinkCommand.class,
      ConnectCommand.class,
      ImportCommand.class,
      CheckConfigCommand.class,
      RenewCertificateCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      SealCommand.class,
      FactoryCommand.class,
      SimulatorMain.class,
      CrowdCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "./firstlight bench measures it beside the reference stack.",
      "./firstlight verify runs the test suite, with --long all of it.",
      "--no-install, anywhere on the line, forbids installing packages."
    })
public final class Firstlight {
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** An error that has words of its own is shown by them alone; the log has the rest. */
  static CommandLine commandLine() {
    return new CommandLine(new Firstlight())
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              String words = exception.getMessage();
              command.getErr().println(words == null ? exception.toString() : words);
              org.slf4j.LoggerFactory.getLogger(Firstlight.class).debug("failed", exception);
              return 1;
            });
  }

  private Firstlight() {}
}
