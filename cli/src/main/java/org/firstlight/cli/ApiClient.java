package org.firstlight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The HTTP API, as a command uses it. */
public final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration SLOW = Duration.ofMinutes(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI base;
  private final String token;

  /**
   * @param base as {@code http://127.0.0.1:8080}
   */
  public ApiClient(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /** The same API as somebody else. */
  public ApiClient as(String otherToken) {
    return new ApiClient(base, otherToken);
  }

  public URI base() {
    return base;
  }

  public JsonNode get(String path) {
    return send("GET", path, Optional.empty(), "application/json");
  }

  /** Whether there is something at this path that the token may see. */
  public boolean exists(String path) {
    try {
      get(path);
      return true;
    } catch (ApiFailure e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  public JsonNode put(String path, Object body) {
    return send("PUT", path, Optional.of(text(body)), "application/json");
  }

  public JsonNode post(String path, Object body) {
    return send("POST", path, Optional.of(text(body)), "application/json");
  }

  public JsonNode delete(String path) {
    return send("DELETE", path, Optional.empty(), "application/json");
  }

  /** Sends a file of JSON lines. */
  public JsonNode postLines(String path, String lines) {
    return send("POST", path, Optional.of(lines), "application/x-ndjson");
  }

  /** Sends bytes as they are. */
  public JsonNode putBytes(String path, java.nio.ByteBuffer bytes) {
    return answer(
        "PUT",
        path,
        request(path)
            .timeout(SLOW)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(bytes.array(), bytes.position(), bytes.remaining())));
  }

  /** Writes what is at a path to a file, as it comes. */
  public void download(String path, Path file) throws IOException {
    try {
      HttpResponse<java.io.InputStream> response =
          http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
      try (java.io.InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new ApiFailure("GET", path, response.statusCode(), "it cannot be had");
        }
        Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure("GET", path, 0, "interrupted");
    }
  }

  /**
   * Hands each server-sent event to {@code consumer} until the stream ends.
   *
   * @param ready called once the server has answered: what happens after it is not missed
   * @throws IOException if the connection breaks
   */
  public void follow(String path, Runnable ready, Consumer<JsonNode> consumer)
      throws IOException, InterruptedException {
    HttpRequest request = request(path).header("Accept", "text/event-stream").GET().build();
    HttpResponse<java.io.InputStream> response = http.send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new ApiFailure("GET", path, response.statusCode(), "the event stream was refused");
    }
    ready.run();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data:")) {
          data.append(line.substring("data:".length()).strip());
        } else if (line.isEmpty() && data.length() > 0) {
          consumer.accept(JSON.readTree(data.toString()));
          data.setLength(0);
        }
      }
    }
  }

  /** A path segment, percent-encoded. */
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode send(String method, String path, Optional<String> body, String contentType) {
    HttpRequest.Builder request = request(path).timeout(TIMEOUT);
    body.ifPresent(text -> request.header("Content-Type", contentType));
    request.method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
    return answer(method, path, request);
  }

  private JsonNode answer(String method, String path, HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      JsonNode answer = response.body().isBlank() ? JSON.nullNode() : tree(response.body());
      if (response.statusCode() >= 300) {
        String detail = answer.path("detail").asText("");
        throw new ApiFailure(method, path, response.statusCode(), detail);
      }
      return answer;
    } catch (IOException e) {
      throw new ApiFailure(method, path, 0, "no answer from " + base + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure(method, path, 0, "interrupted");
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve("/api/v1" + path))
        .header("Authorization", "Bearer " + token);
  }

  private static JsonNode tree(String body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return JSON.nullNode();
    }
  }

  private static String text(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
