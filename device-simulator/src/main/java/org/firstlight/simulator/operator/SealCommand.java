package org.firstlight.simulator.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.firstlight.simulator.pem.PemFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code seal}: runs at the operator, never at the platform. */
@Command(
    name = "seal",
    mixinStandardHelpOptions = true,
    description = "Seals subscriptions, each to its eUICC. Exit code 1 if a line was refused.")
public final class SealCommand implements Callable<Integer> {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--subscriptions",
      required = true,
      description = "CSV: " + SubscriptionList.HEADING + ".")
  private Path subscriptions = Path.of("");

  @Option(
      names = "--euicc-certificates",
      required = true,
      description = "Folder with EID.pem files, or one PEM file: key-agreement certificates.")
  private Path euiccCertificates = Path.of("");

  @Option(names = "--euicc-roots", required = true, description = "The eUICC makers' roots, PEM.")
  private Path euiccRoots = Path.of("");

  @Option(names = "--operator-key", required = true, description = "Signing key, PKCS#8 PEM.")
  private Path operatorKey = Path.of("");

  @Option(names = "--operator-certificate", required = true, description = "Its certificate, PEM.")
  private Path operatorCertificate = Path.of("");

  @Option(names = "--out", required = true, description = "NDJSON file for the import.")
  private Path out = Path.of("");

  @Option(
      names = "--not-after",
      description =
          "When the packages expire, as 2027-01-31T00:00:00Z; 30 days from now if absent.")
  private @Nullable Instant notAfter;

  @Override
  public Integer call() throws IOException {
    Clock clock = Clock.systemUTC();
    Instant now = clock.instant();
    Instant until = notAfter == null ? now.plus(Duration.ofDays(30)) : notAfter;
    if (!until.isAfter(now)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--not-after lies in the past");
    }
    SealRun run =
        new SealRun(
            PemFiles.readKey(operatorKey),
            PemFiles.readCertificate(operatorCertificate),
            new EuiccDirectory(euiccCertificates, PemFiles.readCertificatesUnder(euiccRoots)),
            operatorKey.toAbsolutePath().getParent(),
            clock);
    SealRun.Outcome outcome =
        run.seal(Files.readString(subscriptions), now.minus(CLOCK_SKEW), until);
    PemFiles.writeSecret(out, String.join("\n", outcome.lines()) + "\n");
    PrintWriter print = spec.commandLine().getOut();
    outcome.refusals().forEach(print::println);
    print.printf("%d sealed, %d refused%n", outcome.lines().size(), outcome.refusals().size());
    print.flush();
    return outcome.refusals().isEmpty() ? 0 : 1;
  }

  /** A process of its own. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SealCommand()).execute(args));
  }
}
