package org.firstlight.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code check-config}: says what is wrong with a configuration file, and where. */
@Command(
    name = "check-config",
    mixinStandardHelpOptions = true,
    description = "Checks a configuration file: exit 0 if it is good, 1 with the reason if not.")
final class CheckConfigCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Configuration file (YAML).")
  private Path file = Path.of("firstlight.yaml");

  @Override
  public Integer call() {
    try {
      ConfigFile.read(file);
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      return 1;
    }
    System.out.println(file + ": good");
    return 0;
  }
}
