package org.firstlight.simulator.cloud;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletionStage;

/** The application on the device: shows its credential to its cloud. */
public final class CloudClient {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI cloud;

  public CloudClient(URI cloud) {
    this.cloud = cloud;
  }

  /** Says hello once; yields the HTTP status. */
  public CompletionStage<Integer> hello(String endpointName, byte[] credential) {
    String name = URLEncoder.encode(endpointName, StandardCharsets.UTF_8);
    HttpRequest request =
        HttpRequest.newBuilder(cloud.resolve("/devices/" + name))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Device " + Base64.getEncoder().encodeToString(credential))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }
}
