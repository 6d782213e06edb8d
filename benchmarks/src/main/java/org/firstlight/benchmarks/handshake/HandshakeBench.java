package org.firstlight.benchmarks.handshake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.firstlight.benchmarks.handshake.Subject.Stack;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.benchmarks.process.Ports;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.cli.Firstlight;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.Pki;

/** Each server in turn, several rounds, each from one load process. */
final class HandshakeBench {
  /**
   * One measurement.
   *
   * @param cpuMs of the server, for one handshake
   */
  record Figure(Subject subject, boolean resumed, double perSecond, double cpuMs, long failed) {}

  private final Path folder;
  private final int devices;
  private final double warmUp;
  private final double seconds;
  private final Consumer<String> progress;
  private final List<Figure> figures = new ArrayList<>();

  /**
   * @param warmUp seconds of the same load before each measurement, which count nothing: a JVM that
   *     compiles still takes several times as long
   */
  HandshakeBench(
      Path folder, int devices, double warmUp, double seconds, Consumer<String> progress) {
    this.folder = folder;
    this.devices = devices;
    this.warmUp = warmUp;
    this.seconds = seconds;
    this.progress = progress;
  }

  List<Figure> figures() {
    return figures;
  }

  void round(List<Subject> subjects, int round)
      throws IOException, GeneralSecurityException, ConfigException {
    for (Subject subject : subjects) {
      measure(subject, folder.resolve("round-%d-%s".formatted(round, figures.size())));
    }
  }

  private void measure(Subject subject, Path place)
      throws IOException, GeneralSecurityException, ConfigException {
    Files.createDirectories(place);
    int port = Ports.udp();
    Path config = place.resolve("firstlight.yaml");
    try (RedisProcess redis = RedisProcess.start(place.resolve("redis"))) {
      Files.writeString(
          config,
          """
          dataDirectory: data
          redis: { mode: standalone, nodes: ["%s"] }
          http: { port: 0 }
          dm: { port: %d }
          crypto: %s
          """
              .formatted(
                  redis.address(), port, subject.provider().name().toLowerCase(Locale.ROOT)));
      FirstlightConfig read = ConfigFile.read(config);
      Pki pki = Pki.open(read.dataDirectory(), read, Clock.systemUTC());
      Path credentials = place.resolve("credentials");
      Credentials.issue(pki.operationalCa(), credentials, devices);
      Credentials.write(credentials, "server", pki.dmServer().key(), pki.dmServer().certificate());
      Credentials.write(credentials, "ca", pki.dmServer().key(), pki.operationalCa().certificate());
      Credentials.write(credentials, "trust", pki.dmServer().key(), pki.serverCa());
      try (JavaProcess server = server(subject, config, port, credentials);
          JavaProcess load =
              JavaProcess.start(
                  List.of(),
                  List.of("-XX:+UseSerialGC"),
                  ShakingMain.class.getName(),
                  List.of(credentials.toString(), Integer.toString(devices), "trust"),
                  place.resolve("load.log"))) {
        load.await("ready");
        for (boolean resumed : List.of(false, true)) {
          String how = resumed ? "resumed" : "full";
          load.ask("%d %s %s".formatted(port, warmUp, how));
          double before = server.cpuSeconds();
          String[] told = load.ask("%d %s %s".formatted(port, seconds, how)).split(" ");
          double cpu = server.cpuSeconds() - before;
          long done = Long.parseLong(told[0]);
          // each device's first handshake of a turn is whole, and counted in the time alone
          long all = done + (resumed ? 0 : devices);
          Figure figure =
              new Figure(
                  subject,
                  resumed,
                  done / (Double.parseDouble(told[2]) / 1000),
                  all == 0 ? Double.NaN : cpu * 1000 / all,
                  Long.parseLong(told[1]));
          figures.add(figure);
          progress.accept(
              "%s, %s: %.0f/s, %.3f ms of CPU each%s"
                  .formatted(
                      subject.words(),
                      how,
                      figure.perSecond(),
                      figure.cpuMs(),
                      figure.failed() == 0 ? "" : ", %d failed".formatted(figure.failed())));
        }
      }
    }
  }

  private JavaProcess server(Subject subject, Path config, int port, Path credentials) {
    Path log = config.resolveSibling("server.log");
    JavaProcess process =
        subject.stack() == Stack.FIRSTLIGHT
            ? JavaProcess.start(
                List.of(),
                List.of("-Dfirstlight.home=" + config.resolveSibling("home")),
                Firstlight.class.getName(),
                List.of("dm-server", "--config", config.toString()),
                log)
            : JavaProcess.start(
                List.of(),
                List.of(),
                LeshanDtlsMain.class.getName(),
                List.of(
                    subject.stack() == Stack.LESHAN_TUNED ? "tuned" : "stock",
                    subject.provider().name(),
                    Integer.toString(port),
                    credentials.toString(),
                    Integer.toString(devices)),
                log);
    process.await("ready");
    return process;
  }
}
