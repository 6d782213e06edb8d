package org.firstlight.cli.lists;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** {@code import claims}: an owner's fleet, of any length, by the codes from its boxes. */
@Command(
    name = "claims",
    mixinStandardHelpOptions = true,
    description = {
      "Claims the devices of a list (NDJSON, a code a line) on a running platform.",
      "The same file again claims what is left of it.",
      "Exit codes: 0 every line was taken, 1 no platform, no file or no answer, 2 wrong usage,",
      "3 some lines were refused."
    })
public final class ImportClaimsCommand implements Callable<Integer> {
  private static final int SOME_REFUSED = 3;
  private static final int PIECE = 500;

  @Parameters(paramLabel = "FILE", description = "The list, a JSON object a line.")
  private Path file = Path.of("claims.ndjson");

  @Option(
      names = "--tenant",
      description = "Id of the owner; needed where the token is an administrator's.")
  private Optional<String> tenant = Optional.empty();

  @Option(names = "--api", description = "Of a platform elsewhere, as https://host.")
  private Optional<URI> api = Optional.empty();

  @Option(names = "--token-file", description = "File with an API token for it.")
  private Optional<Path> tokenFile = Optional.empty();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
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
      return claim(client.get(), out);
    } catch (ApiFailure | IOException e) {
      err.println(e.getMessage());
      err.println("Run the same command again: what is claimed already is not claimed twice.");
      return 1;
    }
  }

  private int claim(ApiClient client, PrintWriter out) throws IOException {
    String path = "/claims" + tenant.map(id -> "?tenant=" + ApiClient.segment(id)).orElse("");
    int accepted = 0;
    int refused = 0;
    int before = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (List<String> piece = next(lines); !piece.isEmpty(); piece = next(lines)) {
        JsonNode report = client.postLines(path, String.join("\n", piece));
        accepted += report.path("accepted").asInt();
        refused += report.path("refusedCount").asInt();
        for (JsonNode one : report.path("refused")) {
          out.printf(
              "line %d: %s%n", before + one.path("line").asInt(), one.path("reason").asText());
        }
        before += piece.size();
      }
    }
    out.printf("%s: %,d devices claimed, %,d lines refused%n", file, accepted, refused);
    out.flush();
    return refused == 0 ? 0 : SOME_REFUSED;
  }

  private static List<String> next(BufferedReader lines) throws IOException {
    List<String> piece = new ArrayList<>();
    while (piece.size() < PIECE) {
      String line = lines.readLine();
      if (line == null) {
        break;
      }
      piece.add(line);
    }
    return piece;
  }

  private Optional<ApiClient> client() throws IOException {
    if (api.isPresent() && tokenFile.isPresent()) {
      return Optional.of(new ApiClient(api.get(), Files.readString(tokenFile.get()).strip()));
    }
    return LocalAccess.find().map(access -> new ApiClient(access.api(), access.token()));
  }
}
