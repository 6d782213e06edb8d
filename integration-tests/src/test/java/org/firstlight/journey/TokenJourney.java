package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.firstlight.kit.token.SoftHsm;
import org.firstlight.simulator.factory.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operational CA's key is in a token, which goes away for a while. */
class TokenJourney {
  @TempDir private Path folder;

  @Test
  void devices_wait_for_certificates_while_the_token_is_away_and_all_else_goes_on()
      throws Exception {
    SoftHsm token = SoftHsm.in(folder.resolve("token"));
    try (World world = World.ready(token, folder.resolve("world"), Order.of(3))) {
      assertThat(world.dataDirectory().resolve("pki/operational-ca.pem")).exists();
      assertThat(world.dataDirectory().resolve("pki/operational-ca.key")).doesNotExist();
      world.cast().plan("est");
      Thing first = onboard(world, 0);
      world.awaitState(first.name(), "CONFIGURED");
      assertThat(health(world).body()).doesNotContain("issuing-key");

      token.takeAway();
      eventually(
          () ->
              assertThat(health(world).body())
                  .contains(
                      "issuing-key",
                      "no certificate can be issued: token 'firstlight' is not there"));
      assertThat(health(world).statusCode()).isEqualTo(200);
      // its certificate is good: it is served as before
      long updates = first.steps("update").size();
      first.speaksUp();
      eventually(() -> assertThat(first.steps("update")).hasSizeGreaterThan((int) updates));
      // a certificate that the session writes: come later
      world.cast().plan("issued-key");
      Thing third = onboard(world, 2).sees("waiting", "s=3");
      assertThat(world.seen(third.name(), "sessions").toString())
          .contains("no certificate can be issued just now");
      // one that the device fetches, and one that it renews: 5.03
      world.cast().plan("est");
      Thing second = onboard(world, 1).sees("enrolment", "5.03");
      first.watchedBy(
          step -> {
            if (step.details().containsValue("sren")) {
              world.workbench().clock(Clock.systemUTC());
            }
          });
      world.workbench().clock(Clock.offset(Clock.systemUTC(), Duration.ofDays(500)));
      first.sees("enrolment", "5.03");

      token.bringBack();

      first.sees("enrolment", "sren");
      world.awaitState(second.name(), "CONFIGURED");
      eventually(() -> assertThat(health(world).body()).doesNotContain("issuing-key"));
    }
  }

  private static Thing onboard(World world, int number) {
    world.cast().claim(world.device(number), "26201");
    return world.unpack(world.device(number)).switchOn();
  }

  private static HttpResponse<String> health(World world) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(world.httpUri().resolve("/health")).build(),
            BodyHandlers.ofString());
  }
}
