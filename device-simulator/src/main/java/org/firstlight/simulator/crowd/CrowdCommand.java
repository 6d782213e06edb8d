package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.firstlight.kit.crypto.CryptoProvider;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.simulator.connection.Timing;
import org.firstlight.simulator.factory.CrowdFactory;
import org.firstlight.simulator.factory.CrowdMember;
import org.firstlight.simulator.pem.PemFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code crowd}: thousands of devices of a factory's folder, in one process. */
@Command(
    name = "crowd",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the devices that `factory --crowd` made in one process: DTLS with Connection IDs,",
      "bootstrap, EST, queue mode, each time from another address.",
      "Their eUICCs are not simulated: give them a plan without a subscription.",
      "Prints a line a second on standard error, and what came of it as JSON on standard output.",
      "Exit codes: 0 every device came to its end, 1 not within the limit."
    })
public final class CrowdCommand implements Callable<Integer> {
  /** What the devices do once all of them are registered. */
  enum Schedule {
    ONCE,
    POWER_CUT,
    DAILY_REPORT;

    /** As it is written on a command line. */
    static Schedule named(String word) {
      return switch (word) {
        case "once" -> ONCE;
        case "power-cut" -> POWER_CUT;
        case "daily-report" -> DAILY_REPORT;
        default ->
            throw new TypeConversionException(
                "a schedule is once, power-cut or daily-report, not '%s'".formatted(word));
      };
    }
  }

  /** For picocli. */
  static final class ScheduleWord implements ITypeConverter<Schedule> {
    @Override
    public Schedule convert(String word) {
      return Schedule.named(word);
    }
  }

  @Option(names = "--devices", required = true, description = "Folder that `factory --crowd` made.")
  private Path folder = Path.of("");

  @Option(
      names = "--part",
      defaultValue = "1/1",
      converter = Part.Text.class,
      description = "Which part of them, where several processes share them, such as 2/4.")
  private Part part = new Part(1, 1);

  @Option(
      names = "--bootstrap",
      required = true,
      description = "coaps URI of the Bootstrap-Server.")
  private URI bootstrap = URI.create("coaps://localhost:5684");

  @Option(
      names = "--trust",
      required = true,
      description = "CA of the Bootstrap-Server's certificate, PEM.")
  private Path trust = Path.of("");

  @Option(
      names = "--schedule",
      defaultValue = "once",
      converter = ScheduleWord.class,
      description = {
        "After all are registered: nothing more (once); the power is cut and all come back at once",
        "(power-cut); each wakes at a moment of its own and reports (daily-report)."
      })
  private Schedule schedule = Schedule.ONCE;

  @Option(
      names = "--jitter",
      defaultValue = "2",
      description = "Seconds within which all are switched on (${DEFAULT-VALUE}).")
  private int jitterSeconds;

  @Option(
      names = "--forgetful",
      defaultValue = "0",
      description = "Per cent that bootstrap again after the power cut (${DEFAULT-VALUE}).")
  private int forgetful;

  @Option(
      names = "--period",
      defaultValue = "86400",
      description = "Seconds of the day of daily-report; a shorter one compresses it.")
  private int periodSeconds;

  @Option(names = "--days", defaultValue = "1", description = "Of daily-report (${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--addresses",
      defaultValue = "4000",
      description = {
        "Devices awake at once, each with a socket (${DEFAULT-VALUE}); the limit of open files",
        "must allow as many."
      })
  private int addresses;

  @Option(
      names = "--awake",
      defaultValue = "10",
      description = "Seconds that a device listens after its last word (${DEFAULT-VALUE}).")
  private int awakeSeconds;

  @Option(
      names = "--limit",
      defaultValue = "3600",
      description = "Seconds after which a part that has not ended is given up (${DEFAULT-VALUE}).")
  private int limitSeconds;

  @Option(
      names = "--certificates",
      description = "File to write: endpoint name and SHA-256 of the certificate of each device.")
  private Optional<Path> certificates = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    PrintStream out = System.out;
    System.setOut(System.err); // nothing but the result on standard output
    CryptoProvider.install(Optional.empty());
    List<CrowdMember> members = part.share(CrowdFactory.read(folder));
    require(!members.isEmpty(), "--part: there is no device in this one");
    CrowdOptions options =
        new CrowdOptions(
            bootstrap,
            Certificates.der(PemFiles.readCertificate(trust)),
            addresses,
            Timing.standard(),
            Duration.ofSeconds(awakeSeconds));
    try (Crowd crowd = new Crowd(members, options)) {
      List<PhaseResult> results = run(crowd);
      if (certificates.isPresent()) {
        write(crowd, certificates.get());
      }
      out.println(
          results.stream().map(PhaseResult::toJson).collect(Collectors.joining(",", "[", "]")));
      out.flush();
      return results.stream().allMatch(PhaseResult::isWhole) ? 0 : 1;
    }
  }

  private void check() {
    require(jitterSeconds >= 0, "--jitter is 0 or more");
    require(forgetful >= 0 && forgetful <= 100, "--forgetful is 0 to 100");
    require(periodSeconds >= 1 && days >= 1, "--period and --days are 1 or more");
    require(
        addresses >= 1 && addresses <= CrowdOptions.MOST_ADDRESSES, "--addresses is 1 to 60000");
    require(awakeSeconds >= 1 && limitSeconds >= 1, "--awake and --limit are 1 or more");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private List<PhaseResult> run(Crowd crowd) throws InterruptedException {
    Duration jitter = Duration.ofSeconds(jitterSeconds);
    List<PhaseResult> results = new ArrayList<>();
    results.add(end(crowd.switchOn("first-start", jitter), Duration.ZERO));
    switch (schedule) {
      case ONCE -> {}
      case POWER_CUT ->
          results.add(end(crowd.cutPower("power-cut", jitter, forgetful / 100.0), Duration.ZERO));
      case DAILY_REPORT -> {
        Duration period = Duration.ofSeconds(periodSeconds);
        for (int day = 1; day <= days; day++) {
          results.add(end(crowd.report("day-" + day, period), period));
        }
      }
    }
    return results;
  }

  private PhaseResult end(Phase phase, Duration lasts) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    return phase.await(
        lasts.plusSeconds(limitSeconds),
        line -> {
          err.println(line);
          err.flush();
        });
  }

  private static void write(Crowd crowd, Path file) throws IOException {
    Files.write(
        file,
        crowd.certificates().entrySet().stream()
            .map(one -> one.getKey() + " " + one.getValue())
            .toList());
  }
}
