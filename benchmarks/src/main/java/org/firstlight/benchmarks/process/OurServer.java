package org.firstlight.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.Firstlight;

/** {@code firstlight dm-server}, as users run it, with plain coap switched on. */
public final class OurServer {
  private OurServer() {}

  /**
   * Starts it; when this returns, it is ready.
   *
   * @param folder for its keys and configuration; its second start finds them there
   */
  public static Server start(Path folder, RedisProcess redis, List<String> options) {
    int port = Ports.udp();
    Path home = folder.resolve("home");
    try {
      Files.createDirectories(home);
      Path config = folder.resolve("firstlight.yaml");
      Files.writeString(
          config,
          """
          dataDirectory: data
          redis: { mode: standalone, nodes: ["%s"] }
          http: { port: 0 }
          dm: { port: 0, plainPort: %d }
          """
              .formatted(redis.address(), port));
      List<String> all = new ArrayList<>(options);
      all.add("-Dfirstlight.home=" + home);
      JavaProcess process =
          JavaProcess.start(
              List.of(),
              all,
              Firstlight.class.getName(),
              List.of("dm-server", "--config", config.toString()),
              folder.resolve("server.log"));
      process.await("ready");
      return new Server(process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its API, as an administrator. */
  public static ApiClient api(Path folder) {
    try {
      JsonNode access =
          new ObjectMapper().readTree(folder.resolve("home/run/platform.json").toFile());
      return new ApiClient(URI.create(access.path("api").asText()), access.path("token").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
