package org.firstlight.dm.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsIT {
  @TempDir Path folder;
  private RunningApi api;

  @BeforeEach
  void start() throws Exception {
    api = new RunningApi(folder);
    api.ship();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private record Message(String id, JsonNode data) {
    String type() {
      return data.path("type").asText();
    }
  }

  /** A browser's EventSource. */
  private final class Follower implements AutoCloseable {
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final InputStream stream;

    Follower(String tenant, String query, Optional<String> lastEventId) throws Exception {
      String token = tenant.equals("platform") ? api.administrator : api.token(tenant);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(api.uri("/events" + query))
              .header("Authorization", "Bearer " + token)
              .header("Accept", "text/event-stream");
      lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
      HttpResponse<InputStream> response =
          HttpClient.newHttpClient()
              .send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      stream = response.body();
      Thread reader = new Thread(this::read, "follower");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        String id = "";
        String line;
        while ((line = lines.readLine()) != null) {
          if (line.startsWith("id:")) {
            id = line.substring(3).strip();
          } else if (line.startsWith("data:")) {
            messages.add(new Message(id, RunningApi.JSON.readTree(line.substring(5))));
          }
        }
      } catch (IOException closed) {
        // the test is over
      }
    }

    /** The next message of this type; those of others are passed over. */
    Message next(String type) throws Exception {
      while (true) {
        Message message = messages.poll(20, TimeUnit.SECONDS);
        assertThat(message).as("an event of type " + type).isNotNull();
        if (message.type().equals(type)) {
          return message;
        }
      }
    }

    void awaitSomething() throws Exception {
      Message message = messages.poll(5, TimeUnit.SECONDS);
      if (message != null) {
        messages.add(message);
      }
    }

    List<Message> upTo(String type, String endpointName) throws Exception {
      List<Message> all = new ArrayList<>();
      while (true) {
        Message message = messages.poll(20, TimeUnit.SECONDS);
        assertThat(message).as("an event of type " + type).isNotNull();
        all.add(message);
        if (message.type().equals(type)
            && message.data().path("endpointName").asText().equals(endpointName)) {
          return all;
        }
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  @Test
  void who_does_not_accept_a_stream_is_told_so() throws Exception {
    RunningApi.Reply reply = api.as(api.administrator).get("/events");

    assertThat(reply.status()).isEqualTo(406);
    assertThat(reply.code()).isEqualTo("UNSUPPORTED");
  }

  @Test
  void a_follower_sees_what_happens_and_resumes_where_it_stopped() throws Exception {
    String last;
    try (Follower first = new Follower("platform", "?newest=1", Optional.empty())) {
      api.claim(0, RunningApi.PROVIDER);
      Message claimed = first.next("device.claimed");
      assertThat(claimed.data().path("endpointName").asText()).isEqualTo(api.name(0));
      last = claimed.id();
    }
    api.claim(1, RunningApi.PROVIDER);

    try (Follower second = new Follower("platform", "", Optional.of(last))) {
      List<Message> missed = second.upTo("device.claimed", api.name(1));
      assertThat(missed)
          .noneSatisfy(
              message -> {
                assertThat(message.type()).isEqualTo("device.claimed");
                assertThat(message.data().path("endpointName").asText()).isEqualTo(api.name(0));
              });
    }
  }

  @Test
  void a_tenant_sees_the_events_of_its_own_devices_alone() throws Exception {
    try (Follower own = new Follower(RunningApi.PROVIDER, "?newest=500", Optional.empty());
        Follower rival = new Follower(RunningApi.OTHER_PROVIDER, "?newest=500", Optional.empty())) {
      api.claim(0, RunningApi.PROVIDER);
      api.claim(1, RunningApi.OTHER_PROVIDER);

      assertThat(own.upTo("device.claimed", api.name(0)))
          .allSatisfy(message -> assertThat(message.data().toString()).doesNotContain(api.name(1)));
      assertThat(rival.upTo("device.claimed", api.name(1)))
          .allSatisfy(message -> assertThat(message.data().toString()).doesNotContain(api.name(0)));
    }
  }

  @Test
  void a_maker_sees_that_its_devices_were_imported_and_not_who_claims_them() throws Exception {
    try (Follower maker = new Follower(RunningApi.MAKER, "?newest=500", Optional.empty())) {
      api.claim(0, RunningApi.PROVIDER);
      String device = "/devices/" + RunningApi.path(api.name(1));
      api.as(api.administrator).put(device + "/revocation", "{\"reason\":\"stolen\"}");

      assertThat(maker.upTo("device.revoked", api.name(1)))
          .anySatisfy(message -> assertThat(message.type()).isEqualTo("device.imported"))
          .noneSatisfy(message -> assertThat(message.type()).isEqualTo("device.claimed"));
    }
  }

  @Test
  void one_devices_events_are_followed_alone_and_a_foreign_ones_not_at_all() throws Exception {
    String query = "?newest=500&endpointName=" + RunningApi.path(api.name(1));
    try (Follower one = new Follower("platform", query, Optional.empty())) {
      api.claim(0, RunningApi.PROVIDER);
      api.claim(1, RunningApi.PROVIDER);

      assertThat(one.upTo("device.claimed", api.name(1)))
          .allSatisfy(
              message ->
                  assertThat(message.data().path("endpointName").asText()).isEqualTo(api.name(1)));
    }
    assertThat(api.as(api.token(RunningApi.OTHER_PROVIDER)).get("/events" + query).status())
        .isEqualTo(404);
  }

  @Test
  void a_last_event_id_that_is_none_of_ours_begins_now() throws Exception {
    try (Follower all = new Follower("platform", "", Optional.of("nonsense"))) {
      int device = 0;
      // whether it follows already shows by what it sees
      while (all.messages.isEmpty() && device < 3) {
        api.claim(device++, RunningApi.PROVIDER);
        all.awaitSomething();
      }
      assertThat(all.next("device.claimed").id()).isNotEmpty();
    }
  }

  @Test
  void an_event_shows_no_secret_of_a_document() throws Exception {
    try (Follower all = new Follower("platform", "?newest=1", Optional.empty())) {
      api.as(api.token(RunningApi.PROVIDER))
          .put(
              "/configurations/cloud",
              "{\"values\":{\"/19/0/0/0\":{\"secret\":\"hex:c0ffeec0ffee\"}}}");
      Message changed = all.next("configuration.changed");

      assertThat(changed.data().at("/details/id").asText()).isEqualTo("cloud");
      assertThat(changed.data().toString()).doesNotContain("c0ffee");
    }
  }
}
