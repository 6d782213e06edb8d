package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.ApiFailure;
import org.firstlight.cli.platform.LocalAccess;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code connect}: registers one's own client and shows live what it does. */
@Command(
    name = "connect",
    mixinStandardHelpOptions = true,
    description = "Lets your own client in: prints what it needs, then shows live what it does.")
public final class ConnectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "Endpoint Client Name of your client.")
  private String name = "";

  @ArgGroup(exclusive = true)
  private Credential credential = new Credential();

  @Option(names = "--host", description = "DNS name under which your client reaches this machine.")
  private Optional<String> host = Optional.empty();

  @Option(names = "--api", description = "Of a platform elsewhere, as https://host.")
  private Optional<URI> api = Optional.empty();

  @Option(names = "--token-file", description = "File with an administrator's API token.")
  private Optional<Path> tokenFile = Optional.empty();

  @Option(names = "--export", description = "Keep what your client does in this file, as JSON.")
  private Optional<Path> export = Optional.empty();

  private static final class Credential {
    @Option(names = "--psk", description = "By pre-shared key (the default).")
    private boolean psk;

    @Option(names = "--cert", description = "By this certificate (PEM).")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--nosec", description = "Without security: only where the plain port is on.")
    private boolean nosec;
  }

  @Override
  public Integer call() throws Exception {
    Optional<ApiClient> client = client();
    if (client.isEmpty()) {
      System.err.println(
          "no platform runs here: start `./firstlight up` or `demo`, or name one with --api");
      return 1;
    }
    JsonNode connection;
    try {
      connection = client.get().post("/connections", request());
    } catch (ApiFailure e) {
      System.err.println(e.getMessage());
      return 1;
    }
    Recording recording = new Recording(export, connection);
    try {
      recording.save();
    } catch (IOException e) {
      System.err.println("cannot write " + export.orElseThrow() + ": " + e.getMessage());
      return 1;
    }
    new Instructions(connection).print(System.out);
    saveAtTheEnd(recording);
    return watch(client.get(), recording);
  }

  private int watch(ApiClient client, Recording recording) throws InterruptedException {
    try {
      new LiveExchanges(client, name, recording, System.out).follow();
      return 0;
    } catch (IOException | ApiFailure e) {
      System.err.println("the platform is gone: " + e.getMessage());
      return 1;
    }
  }

  private Optional<ApiClient> client() throws IOException {
    if (api.isPresent() && tokenFile.isPresent()) {
      return Optional.of(new ApiClient(api.get(), Files.readString(tokenFile.get()).strip()));
    }
    return LocalAccess.find().map(access -> new ApiClient(access.api(), access.token()));
  }

  private Map<String, String> request() throws IOException {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("name", name);
    if (credential.certificate.isPresent()) {
      request.put("credential", "certificate");
      request.put("certificate", Files.readString(credential.certificate.get()));
    } else {
      request.put("credential", credential.nosec ? "nosec" : "psk");
    }
    host.ifPresent(value -> request.put("host", value));
    return request;
  }

  /** Ctrl-C too. */
  private static void saveAtTheEnd(Recording recording) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    recording.save();
                  } catch (IOException e) {
                    System.err.println("cannot export: " + e.getMessage());
                  }
                }));
  }
}
