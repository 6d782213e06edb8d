package org.firstlight.benchmarks.restart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.firstlight.benchmarks.handshake.Credentials;
import org.firstlight.benchmarks.handshake.DeviceFactory;
import org.firstlight.benchmarks.process.JavaProcess;
import org.firstlight.benchmarks.process.Ports;
import org.firstlight.benchmarks.process.RedisProcess;
import org.firstlight.benchmarks.process.Workplace;
import org.firstlight.cli.Firstlight;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.pki.Pki;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.RedisStores;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./firstlight bench restart}. */
@Command(
    name = "restart",
    mixinStandardHelpOptions = true,
    description = {
      "Devices with Connection IDs, connected to both servers, over a clean restart of both: how",
      "many shake hands again. Half of them come from another address afterwards."
    })
public final class RestartCommand implements Callable<Integer> {
  @Option(names = "--devices", description = "At each server; default 2000.")
  private int devices = 2000;

  private static final String HANDSHAKES = "handshake_seconds_count";

  @Override
  public Integer call() throws Exception {
    try (Workplace place = Workplace.open();
        RedisProcess redis = RedisProcess.start(place.folder().resolve("redis"))) {
      return measure(place.folder(), redis);
    }
  }

  private int measure(Path folder, RedisProcess redis) throws Exception {
    int bootstrap = Ports.udp();
    int dm = Ports.udp();
    int http = Ports.tcp();
    Path config = folder.resolve("firstlight.yaml");
    Files.writeString(
        config,
        """
        dataDirectory: data
        redis: { mode: standalone, nodes: ["%s"] }
        http: { port: %d }
        bootstrap: { host: 127.0.0.1, port: %d }
        dm: { host: 127.0.0.1, port: %d }
        """
            .formatted(redis.address(), http, bootstrap, dm));
    FirstlightConfig read = ConfigFile.read(config);
    Pki pki = Pki.open(read.dataDirectory(), read, Clock.systemUTC());
    Path operational = folder.resolve("operational");
    Credentials.issue(pki.operationalCa(), operational, devices);
    Credentials.write(operational, "trust", pki.dmServer().key(), pki.serverCa());
    Path factory = folder.resolve("factory");
    manufacture(factory, redis, pki);

    JavaProcess server = start(config, folder);
    try (JavaProcess atDm = sleepers(operational, dm, folder);
        JavaProcess atBootstrap = sleepers(factory, bootstrap, folder)) {
      System.err.println("connecting …");
      say("connected", atDm.ask("speak"), atBootstrap.ask("speak"), http);
      System.err.println("restarting …");
      long begun = System.nanoTime();
      server.close();
      double stopped = (System.nanoTime() - begun) / 1e9;
      server = start(config, folder);
      double started = (System.nanoTime() - begun) / 1e9;
      say("after the restart", atDm.ask("speak"), atBootstrap.ask("speak"), http);
      atDm.ask("shift");
      atBootstrap.ask("shift");
      say("half from other addresses", atDm.ask("speak"), atBootstrap.ask("speak"), http);
      server.close();
      server = start(config, folder);
      atDm.ask("shift");
      atBootstrap.ask("shift");
      String last =
          say(
              "restarted and from other addresses at once",
              atDm.ask("speak"),
              atBootstrap.ask("speak"),
              http);
      System.out.printf(
          "stopped in %.1f s, ready again %.1f s after the stop began%n", stopped, started);
      return last.endsWith(" 0") ? 0 : 1;
    } finally {
      server.close();
    }
  }

  private void manufacture(Path factory, RedisProcess redis, Pki pki) throws Exception {
    DeviceFactory maker = new DeviceFactory();
    maker.make(devices, factory);
    Credentials.write(factory, "trust", pki.dmServer().key(), pki.serverCa());
    try (RedisStores stores =
        RedisStores.open(
            RedisSettings.at(redis.uri(), Optional.empty(), Optional.empty()), Clock.systemUTC())) {
      stores
          .stores()
          .records()
          .commit(
              Change.in("bench")
                  .put(Kinds.MANUFACTURER, "bench", Change.ANY_VERSION, maker.manufacturer())
                  .build())
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    }
  }

  private static JavaProcess start(Path config, Path folder) {
    JavaProcess process =
        JavaProcess.start(
            List.of(),
            List.of("-Dfirstlight.home=" + folder.resolve("home")),
            Firstlight.class.getName(),
            List.of("up", "--config", config.toString()),
            folder.resolve("server.log"));
    process.await("ready");
    return process;
  }

  private JavaProcess sleepers(Path credentials, int port, Path folder) {
    JavaProcess process =
        JavaProcess.start(
            List.of(),
            List.of("-XX:+UseSerialGC", "-Xss256k"),
            SleepersMain.class.getName(),
            List.of(credentials.toString(), Integer.toString(devices), Integer.toString(port)),
            folder.resolve("sleepers-%d.log".formatted(port)));
    process.await("ready");
    return process;
  }

  private String say(String when, String dm, String bootstrap, int http)
      throws IOException, InterruptedException {
    long handshakes = handshakes(http);
    String line =
        "%s: answered at the DM server %s of %d, at the bootstrap server %s; handshakes since the start %d"
            .formatted(when, dm.split(" ")[0], devices, bootstrap.split(" ")[0], handshakes);
    System.out.println(line);
    return line;
  }

  /** Of both servers, since this process of theirs began. */
  private static long handshakes(int http) throws IOException, InterruptedException {
    String metrics =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/metrics")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    return metrics
        .lines()
        .filter(line -> line.contains(HANDSHAKES) && !line.startsWith("#"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
