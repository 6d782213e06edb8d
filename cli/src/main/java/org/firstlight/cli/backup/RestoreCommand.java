package org.firstlight.cli.backup;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.firstlight.cli.platform.ToolRedis;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.KeyFiles;
import org.firstlight.redis.backup.BackupRefusedException;
import org.firstlight.redis.backup.CheckedBackup;
import org.firstlight.redis.backup.Manifest;
import org.firstlight.redis.backup.Section;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code restore}: a backup into an empty Redis, all of it or nothing. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = "Reads a backup into an empty Redis, with all servers stopped.")
public final class RestoreCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The backup: read whole and checked first.")
  private Path file = Path.of("firstlight.backup");

  @Option(
      names = "--config",
      description = "Configuration file (YAML) of the platform; default: ${DEFAULT-VALUE}.")
  private Path config = Path.of("firstlight.yaml");

  @Option(names = "--replace", description = "Throws away the state that is there.")
  private boolean replace;

  @Option(names = "--check", description = "Only checks the file, and says what is in it.")
  private boolean checkOnly;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws ConfigException {
    PrintWriter out = spec.commandLine().getOut();
    CheckedBackup backup = CheckedBackup.check(file);
    Manifest manifest = backup.manifest();
    out.printf(
        "%s: whole; of %s, with %,d devices, %,d other homes, %,d events%n",
        file,
        manifest.at(),
        manifest.entries(Section.DEVICES),
        manifest.entries(Section.PLATFORM),
        manifest.entries(Section.EVENTS));
    if (!checkOnly) {
      restore(ConfigFile.read(config), backup, out);
    }
    out.flush();
    return 0;
  }

  private void restore(FirstlightConfig config, CheckedBackup backup, PrintWriter out) {
    refuseOtherKeys(config.dataDirectory(), backup.manifest());
    try (ToolRedis redis = ToolRedis.withoutServers(config, Clock.systemUTC())) {
      redis.backups().restore(backup, replace, new ProgressLines(out));
    }
    KeyFiles.place(config.dataDirectory(), backup.keys());
    out.println("restored");
    TreeSet<String> missing = new TreeSet<>(backup.manifest().keys().keySet());
    missing.removeAll(KeyFiles.read(config.dataDirectory()).keySet());
    if (!missing.isEmpty()) {
      out.printf(
          "Before the platform starts, put the copies of %s into %s: it would make others, and%n"
              + "could neither read the secrets that were restored nor convince the devices.%n",
          String.join(", ", missing), config.dataDirectory());
    }
  }

  /** State and keys belong together: a PSK is of no use under another key-encryption key. */
  private static void refuseOtherKeys(Path dataDirectory, Manifest manifest) {
    Map<String, byte[]> present = KeyFiles.read(dataDirectory);
    manifest
        .keys()
        .forEach(
            (name, fingerprint) -> {
              byte[] key = present.get(name);
              if (key != null && !Manifest.fingerprint(key).equals(fingerprint)) {
                throw new BackupRefusedException(
                    "%s is another than the backup's: put the right one there, or move it away"
                        .formatted(dataDirectory.resolve(name)));
              }
            });
  }
}
