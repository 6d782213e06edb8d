package org.firstlight.cli.lists;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.firstlight.cli.ApiClient;
import org.firstlight.cli.ApiFailure;

/** Brings one list: what of it the platform has already is not sent again. */
final class Delivery {
  private static final int PIECE = 4 * 1024 * 1024;
  private static final long BETWEEN_LOOKS_MS = 500;
  private static final int PASSING = 503;
  private static final int MOST_CONFLICTS = 10;
  private static final Set<String> ENDED = Set.of("DONE", "REFUSED", "FAILED");

  private final ApiClient client;
  private final Path file;
  private final ProgressLine progress;

  Delivery(ApiClient client, Path file, ProgressLine progress) {
    this.client = client;
    this.file = file;
    this.progress = progress;
  }

  /**
   * Returns when the list is at its end.
   *
   * @param again whether a list that is at its end already is applied once more
   * @throws ApiFailure if the platform refuses it, or is gone: then the same call goes on
   */
  JsonNode bring(String manufacturer, Optional<Path> signature, boolean again)
      throws IOException, InterruptedException {
    Map<String, Object> announcement = new LinkedHashMap<>();
    announcement.put("manufacturer", manufacturer);
    announcement.put("size", Files.size(file));
    announcement.put("sha256", sha256());
    if (signature.isPresent()) {
      byte[] der = Files.readAllBytes(signature.get());
      announcement.put("signature", Base64.getEncoder().encodeToString(der));
    }
    JsonNode list = client.post("/shipments", announcement);
    if (again && ENDED.contains(state(list))) {
      client.delete(path(list));
      list = client.post("/shipments", announcement);
    }
    list = send(list);
    while (!ENDED.contains(state(list))) {
      progress.show("applied", list.path("applied").asLong(), list.path("size").asLong());
      TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MS);
      list = look(list);
    }
    progress.end();
    return list;
  }

  /** As it is now; as it was, where the platform's state is away for a while. */
  private JsonNode look(JsonNode before) {
    try {
      return client.get(path(before));
    } catch (ApiFailure e) {
      if (e.status() != PASSING) {
        throw e;
      }
      return before;
    }
  }

  private JsonNode send(JsonNode begun) throws IOException {
    JsonNode list = begun;
    int conflicts = 0;
    try (FileChannel bytes = FileChannel.open(file)) {
      while (state(list).equals("RECEIVING")) {
        long offset = list.path("received").asLong();
        progress.show("sent", offset, list.path("size").asLong());
        ByteBuffer piece =
            ByteBuffer.allocate((int) Math.min(PIECE, list.path("size").asLong() - offset));
        while (piece.hasRemaining() && bytes.read(piece, offset + piece.position()) >= 0) {
          // until the piece is full
        }
        try {
          list = client.putBytes(path(list) + "/content?offset=" + offset, piece.flip());
        } catch (ApiFailure e) {
          // the answer to an earlier piece was lost, or another one sends it too
          if (e.status() != 409 || ++conflicts > MOST_CONFLICTS) {
            throw e;
          }
          list = client.get(path(list));
        }
      }
    }
    return list;
  }

  private static String state(JsonNode list) {
    return list.path("state").asText();
  }

  private static String path(JsonNode list) {
    return "/shipments/" + list.path("id").asText();
  }

  private String sha256() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
