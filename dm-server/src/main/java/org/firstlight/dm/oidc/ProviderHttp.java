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
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.firstlight.kit.http.LimitedBody;

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
    CompletableFuture<HttpResponse<byte[]>> asked =
        http.sendAsync(request, LimitedBody.of(MOST_BYTES));
    try {
      // the whole answer, not its head alone
      HttpResponse<byte[]> response = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      HTTPResponse answer = new HTTPResponse(response.statusCode());
      for (String type : response.headers().allValues("Content-Type").stream().limit(1).toList()) {
        answer.setHeader("Content-Type", List.of(type).toArray(String[]::new));
      }
      answer.setBody(new String(response.body(), StandardCharsets.UTF_8));
      return answer;
    } catch (TimeoutException e) {
      asked.cancel(true);
      throw new IOException("the provider does not answer in time", e);
    } catch (ExecutionException e) {
      throw new IOException("the provider cannot be asked", e.getCause());
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
