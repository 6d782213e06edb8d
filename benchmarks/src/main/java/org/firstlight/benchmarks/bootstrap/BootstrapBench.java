package org.firstlight.benchmarks.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.firstlight.benchmarks.bootstrap.Contender.Requests;
import org.firstlight.benchmarks.bootstrap.Contender.Stack;
import org.firstlight.benchmarks.handshake.Credentials;
import org.firstlight.benchmarks.handshake.DeviceFactory;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.benchmarks.process.Ports;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.cli.Firstlight;
import org.firstlight.kit.config.ConfigException;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.Pki;

/** Each server in turn, several rounds, each with the same load. */
final class BootstrapBench {
  /**
   * One measurement.
   *
   * @param requests that the server sent in a bootstrap, Finish too
   * @param cpuMs of the server, for one bootstrap
   * @param redisMs of Redis, for one bootstrap
   */
  record Figure(
      Contender contender,
      double perSecond,
      double cpuMs,
      double redisMs,
      long requests,
      long failed) {}

  private final Path folder;
  private final int devices;
  private final double warmUp;
  private final double seconds;
  private final Consumer<String> progress;
  private final DeviceFactory factory = new DeviceFactory();
  private final List<Figure> figures = new ArrayList<>();

  /**
   * @param warmUp seconds of the same load before each measurement, which count nothing
   */
  BootstrapBench(Path folder, int devices, double warmUp, double seconds, Consumer<String> progress)
      throws IOException {
    this.folder = folder;
    this.devices = devices;
    this.warmUp = warmUp;
    this.seconds = seconds;
    this.progress = progress;
    factory.make(devices, credentials());
  }

  private Path credentials() {
    return folder.resolve("credentials");
  }

  List<Figure> figures() {
    return figures;
  }

  void round(List<Contender> contenders) throws IOException, ConfigException {
    for (Contender contender : contenders) {
      measure(contender, folder.resolve("turn-" + figures.size()));
    }
  }

  private void measure(Contender contender, Path place) throws IOException, ConfigException {
    Files.createDirectories(place);
    int port = Ports.udp();
    Path config = place.resolve("firstlight.yaml");
    boolean ours = contender.stack() == Stack.FIRSTLIGHT;
    try (RedisProcess redis = RedisProcess.start(place.resolve("redis"))) {
      Files.writeString(
          config,
          """
          dataDirectory: data
          redis: { mode: standalone, nodes: ["%s"] }
          bootstrap: { port: %d }
          crypto: %s
          """
              .formatted(
                  redis.address(), port, contender.provider().name().toLowerCase(Locale.ROOT)));
      FirstlightConfig read = ConfigFile.read(config);
      Pki pki = Pki.open(read.dataDirectory(), read, Clock.systemUTC());
      Credentials.write(
          credentials(),
          "server",
          pki.bootstrapServer().key(),
          pki.bootstrapServer().certificate());
      Credentials.write(credentials(), "ca", pki.bootstrapServer().key(), factory.ca());
      Credentials.write(credentials(), "trust", pki.bootstrapServer().key(), pki.serverCa());
      if (ours) {
        new ClaimedFleet(factory, devices, contender.requests() == Requests.WHOLE).store(redis);
      }
      try (JavaProcess server = server(contender, config, port);
          JavaProcess load = load(port, ours ? DeviceFactory.NAMESPACE : "", place)) {
        load.ask(Double.toString(warmUp));
        double before = server.cpuSeconds();
        double redisBefore = redis.cpuSeconds();
        String[] told = load.ask(Double.toString(seconds)).split(" ");
        double cpu = server.cpuSeconds() - before;
        double redisCpu = redis.cpuSeconds() - redisBefore;
        long done = Long.parseLong(told[0]);
        Figure figure =
            new Figure(
                contender,
                done / (Double.parseDouble(told[2]) / 1000),
                cpu * 1000 / done,
                ours ? redisCpu * 1000 / done : 0,
                Long.parseLong(told[3]),
                Long.parseLong(told[1]));
        figures.add(figure);
        progress.accept(
            "%s, %s requests: %.0f/s, %.3f ms of CPU each%s"
                .formatted(
                    contender.words(),
                    told[3],
                    figure.perSecond(),
                    figure.cpuMs(),
                    figure.failed() == 0 ? "" : ", %d failed".formatted(figure.failed())));
      }
    }
  }

  private JavaProcess server(Contender contender, Path config, int port) {
    Path log = config.resolveSibling("server.log");
    JavaProcess process =
        contender.stack() == Stack.FIRSTLIGHT
            ? JavaProcess.start(
                List.of(),
                List.of("-Dfirstlight.home=" + config.resolveSibling("home")),
                Firstlight.class.getName(),
                List.of("bootstrap-server", "--config", config.toString()),
                log)
            : JavaProcess.start(
                List.of(),
                List.of(),
                LeshanBootstrapMain.class.getName(),
                List.of(
                    contender.stack() == Stack.LESHAN_TUNED ? "tuned" : "stock",
                    contender.provider().name(),
                    Integer.toString(port),
                    credentials().toString(),
                    contender.requests().name()),
                log);
    process.await("ready");
    return process;
  }

  private JavaProcess load(int port, String prefix, Path place) {
    JavaProcess process =
        JavaProcess.start(
            List.of(),
            List.of("-XX:+UseSerialGC", "-Xss256k"),
            BootstrappingMain.class.getName(),
            List.of(
                credentials().toString(),
                Integer.toString(devices),
                Integer.toString(port),
                prefix),
            place.resolve("load.log"));
    process.await("ready");
    return process;
  }
}
