package org.firstlight.dm.oidc;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What we ask of the provider, and no more: https or loopback, no redirects, seconds, and a quarter
 * of a megabyte.
 */
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_BYTES = 256 * 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** Whether nobody between can read or change what is said there. */
  static boolean isSafe(URI uri) {
    String host = uri.getHost();
    return host != null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme())
                && (host.equals("localhost")
                    || host.equals("[::1]")
                    || host.matches("127(\\.[0-9]{1,3}){3}"))));
  }

  @Override
  public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest asked) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(asked.getURI())
            .method(
                asked.getMethod().name(),
                asked.getBody() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(asked.getBody()));
    asked.getHeaderMap().forEach((name, values) -> values.forEach(v -> request.header(name, v)));
    return answer(request);
  }

  /** A document of the provider's. */
  String get(URI uri) throws IOException {
    HTTPResponse response =
        answer(HttpRequest.newBuilder(uri).header("Accept", "application/json"));
    if (response.getStatusCode() != HTTPResponse.SC_OK || response.getBody() == null) {
      throw new IOException("the provider answered " + response.getStatusCode());
    }
    return response.getBody();
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    return new Resource(get(URI.create(url.toString())), "application/json");
  }

  private HTTPResponse answer(HttpRequest.Builder builder) throws IOException {
    HttpRequest request = builder.timeout(PATIENCE).build();
    if (!isSafe(request.uri())) {
      throw new IOException("the provider names an address that is neither https nor loopback");
    }
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw new IOException("the provider's answer is too large");
        }
        HTTPResponse answer = new HTTPResponse(response.statusCode());
        for (String type :
            response.headers().allValues("Content-Type").stream().limit(1).toList()) {
          answer.setHeader("Content-Type", List.of(type).toArray(String[]::new));
        }
        answer.setBody(new String(bytes, StandardCharsets.UTF_8));
        return answer;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Sends a request of the library's. */
  HTTPResponse send(HTTPRequest request) throws IOException, ParseException {
    return request.send(this);
  }
}
