package org.firstlight.cli.backup;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import org.firstlight.cli.platform.ToolRedis;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.KeyFiles;
import org.firstlight.redis.backup.CheckedBackup;
import org.firstlight.redis.backup.Manifest;
import org.firstlight.redis.backup.Section;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backup}: all state into one file, while the platform runs or stands still. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = "Writes all state into one new file, also while the platform runs.")
public final class BackupCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The backup: made, and never written over.")
  private Path file = Path.of("firstlight.backup");

  @Option(
      names = "--config",
      description = "Configuration file (YAML) of the platform; default: ${DEFAULT-VALUE}.")
  private Path config = Path.of("firstlight.yaml");

  @Option(
      names = "--with-keys",
      description = "Puts the key-encryption key and the CAs' keys into it: who has it, has all.")
  private boolean withKeys;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws ConfigException {
    FirstlightConfig read = ConfigFile.read(config);
    PrintWriter out = spec.commandLine().getOut();
    Map<String, byte[]> keys = KeyFiles.read(read.dataDirectory());
    try (ToolRedis redis = ToolRedis.besideServers(read, Clock.systemUTC())) {
      redis.backups().write(file, keys, withKeys, new ProgressLines(out));
    }
    // what was written is read once more: a backup that nobody can restore is none
    Manifest manifest = CheckedBackup.check(file).manifest();
    out.printf(
        "%s: %,d devices, %,d other homes, %,d events; read again and whole%n",
        file,
        manifest.entries(Section.DEVICES),
        manifest.entries(Section.PLATFORM),
        manifest.entries(Section.EVENTS));
    if (withKeys) {
      out.println("It holds the platform's private keys: who has it, has the fleet.");
    } else {
      out.printf(
          "The keys are not in it: %s and %s need a safe copy of their own. Without the first,%n"
              + "no PSK and no secret in it can be read; without the second, devices refuse it.%n",
          read.dataDirectory().resolve("keys"), read.dataDirectory().resolve("pki"));
    }
    out.flush();
    return 0;
  }
}
