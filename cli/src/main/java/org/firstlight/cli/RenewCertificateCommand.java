package org.firstlight.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
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
    PrintWriter out = spec.commandLine().getOut();
    for (Server one : Server.values()) {
      if (one.word().equals(server)) {
        FirstlightConfig read = ConfigFile.read(config);
        ServerCredential renewed =
            Pki.open(read.dataDirectory(), read, Clock.systemUTC()).renew(one, newKey);
        out.printf(
            "%s: a certificate until %s, over %s%n",
            server,
            renewed.certificate().getNotAfter().toInstant(),
            newKey ? "a new key" : "the key that it had");
        out.printf(
            "Devices that pin the certificate (usages 1 and 3) bootstrap again%s.%n",
            newKey ? ", and so do those with a raw public key" : "");
        out.flush();
        return 0;
      }
    }
    spec.commandLine().getErr().println("SERVER is bootstrap-server or dm-server");
    return 2;
  }
}
