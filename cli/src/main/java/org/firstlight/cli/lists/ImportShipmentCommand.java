package org.firstlight.cli.lists;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.ApiFailure;
import org.firstlight.cli.platform.LocalAccess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import shipment}: a manufacturer's list, of any length. */
@Command(
    name = "shipment",
    mixinStandardHelpOptions = true,
    description = {
      "Imports a manufacturer's shipment list (NDJSON) into a running platform.",
      "Run it again with the same file to go on where it ended.",
      "Exit codes: 0 every line was taken, 1 the list was not imported, 2 wrong usage,",
      "3 imported, and some lines were refused."
    })
public final class ImportShipmentCommand implements Callable<Integer> {
  private static final int SOME_REFUSED = 3;

  @Parameters(paramLabel = "FILE", description = "The list, a JSON object a line.")
  private Path file = Path.of("list.ndjson");

  @Option(
      names = "--manufacturer",
      required = true,
      description = "Id of the manufacturer whose devices these are.")
  private String manufacturer = "";

  @Option(
      names = "--signature",
      description = {
        "Its detached CMS signature (DER), as made by",
        "openssl cms -sign -binary -outform DER. Without it,",
        "only the platform operator may import."
      })
  private Optional<Path> signature = Optional.empty();

  @Option(names = "--report", description = "Write every refused line to this file (NDJSON).")
  private Optional<Path> report = Optional.empty();

  @Option(names = "--again", description = "Apply a list once more that is at its end.")
  private boolean again;

  @Option(names = "--api", description = "Of a platform elsewhere, as https://host.")
  private Optional<URI> api = Optional.empty();

  @Option(names = "--token-file", description = "File with an API token for it.")
  private Optional<Path> tokenFile = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Optional<ApiClient> client = client();
    if (client.isEmpty()) {
      err.println(
          "no platform runs here: start `./firstlight up` or `demo`, or name one with --api");
      return 1;
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      err.println(file + " is no file that can be read");
      return 1;
    }
    try {
      Delivery delivery = new Delivery(client.get(), file, new ProgressLine(out));
      JsonNode list = delivery.bring(manufacturer, signature, again);
      return told(client.get(), list, out, err);
    } catch (ApiFailure | IOException e) {
      err.println(e.getMessage());
      err.println("Run the same command again to go on where it ended.");
      return 1;
    }
  }

  private int told(ApiClient client, JsonNode list, PrintWriter out, PrintWriter err)
      throws IOException {
    int refused = list.path("refused").asInt();
    out.printf(
        "%s: %,d lines: %,d devices accepted, %,d there already, %,d refused%n",
        file,
        list.path("lines").asInt(),
        list.path("accepted").asInt(),
        list.path("unchanged").asInt(),
        refused);
    out.flush();
    if (report.isPresent()) {
      client.download("/shipments/" + list.path("id").asText() + "/report", report.get());
      out.println("Every refused line is in " + report.get());
    } else if (refused > 0) {
      out.println("Which ones, and why: run it again with --report FILE");
    }
    out.flush();
    if (!list.path("state").asText().equals("DONE")) {
      err.println("the list was not imported: " + list.path("reason").asText());
      return 1;
    }
    return refused == 0 ? 0 : SOME_REFUSED;
  }

  private Optional<ApiClient> client() throws IOException {
    if (api.isPresent() && tokenFile.isPresent()) {
      return Optional.of(new ApiClient(api.get(), Files.readString(tokenFile.get()).strip()));
    }
    return LocalAccess.find().map(access -> new ApiClient(access.api(), access.token()));
  }
}
