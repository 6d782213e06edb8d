package org.firstlight.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.pki.Pki.Server;
import org.firstlight.kit.pki.ServerCredential;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code renew-certificate}: another server certificate, which running servers take by themselves.
 */
@Command(
    name = "renew-certificate",
    mixinStandardHelpOptions = true,
    description =
        "Makes a server's certificate anew, under the same CA. Servers that run show it within ten"
            + " seconds, without a restart.")
final class RenewCertificateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SERVER", description = "bootstrap-server or dm-server.")
  private String server = "";

  @Option(
      names = "--config",
      description = "Configuration file (YAML) of the platform; default: ${DEFAULT-VALUE}.")
  private Path config = Path.of("firstlight.yaml");

  @Option(
      names = "--new-key",
      description = "Over a new key: devices that know the server by its key bootstrap again.")
  private boolean newKey;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws ConfigException {
    Optional<Server> wanted =
        Arrays.stream(Server.values()).filter(one -> one.word().equals(server)).findFirst();
    if (wanted.isEmpty()) {
      spec.commandLine().getErr().println("SERVER is bootstrap-server or dm-server");
      return 2;
    }
    FirstlightConfig read = ConfigFile.read(config);
    if (!Files.isDirectory(read.dataDirectory().resolve("pki"))) {
      spec.commandLine()
          .getErr()
          .printf("no platform has been started with %s yet%n", read.dataDirectory());
      return 1;
    }
    ServerCredential renewed;
    try (Pki pki = Pki.open(read.dataDirectory(), read, Clock.systemUTC())) {
      renewed = pki.renew(wanted.get(), newKey);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: a certificate until %s, over %s%n",
        server,
        renewed.certificate().getNotAfter().toInstant(),
        newKey ? "a new key" : "the key that it had");
    if (wanted.get() == Server.DM) {
      out.printf(
          "Devices that pin its certificate (usages 1 and 3) bootstrap again%s.%n",
          newKey ? ", and so do those with a raw public key" : "");
    }
    out.flush();
    return 0;
  }
}
