package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;

/** The HTTP API as one principal uses it. */
public final class Api {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI platform;
  private final String token;

  public Api(URI platform, String token) {
    this.platform = platform;
    this.token = token;
  }

  /** The same API as somebody else. */
  Api as(String otherToken) {
    return new Api(platform, otherToken);
  }

  /** What the API said: a refusal is an answer too. */
  public record Answer(int status, JsonNode body, String text) {
    /** The body of a success; else the test fails with the API's words. */
    public JsonNode done() {
      assertThat(status).as(text).isBetween(200, 299);
      return body;
    }
  }

  public JsonNode get(String path) {
    return send("GET", path, "", "").done();
  }

  public Answer tryGet(String path) {
    return send("GET", path, "", "");
  }

  /** Creates or replaces, whatever version is there. */
  Answer put(String path, Object body) {
    HttpResponse<String> there = exchange(request(path).GET().build());
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json(body)));
    there.headers().firstValue("ETag").ifPresent(version -> request.header("If-Match", version));
    return answer(exchange(request.build()));
  }

  public Answer post(String path, Object body) {
    return send("POST", path, json(body), "application/json");
  }

  public Answer postLines(String path, String lines) {
    return send("POST", path, lines, "application/x-ndjson");
  }

  Answer delete(String path) {
    return send("DELETE", path, "", "");
  }

  /**
   * Changes what the editor has seen, and nothing else.
   *
   * @param version of the document; 0 if there was none
   */
  public Answer edit(String path, Object body, long version) {
    HttpRequest.Builder request =
        request(path)
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json(body)));
    if (version == 0) {
      request.header("If-None-Match", "*");
    } else {
      request.header("If-Match", "\"" + version + "\"");
    }
    return answer(exchange(request.build()));
  }

  /** The lines of the event stream, from the newest {@code past} events on, until it ends. */
  Stream<String> follow(int past) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        HTTP.send(
            request("/events?newest=" + past).header("Accept", "text/event-stream").GET().build(),
            BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  /** A path segment, percent-encoded. */
  public static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer send(String method, String path, String body, String contentType) {
    HttpRequest.Builder request = request(path).timeout(Duration.ofSeconds(30));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    request.method(
        method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return answer(exchange(request.build()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(platform.resolve("/api/v1" + path))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> exchange(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Answer answer(HttpResponse<String> response) {
    boolean json = response.headers().firstValue("Content-Type").orElse("").contains("json");
    return new Answer(
        response.statusCode(),
        json ? tree(response.body()) : JSON.nullNode(),
        response.request().method() + " " + response.uri().getPath() + ": " + response.body());
  }

  private static String json(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
