package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.firstlight.cli.Firstlight;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.CommitOutcome;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stored;
import org.firstlight.redis.RedisStores;
import org.firstlight.simulator.factory.ShippedDevice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that make no sense are refused where they are made, and again where they would act. */
class SettingsRefusalsJourney {
  @TempDir private Path folder;

  @Test
  void a_plan_value_out_of_range_is_refused_when_saved_and_never_written() throws Exception {
    try (World world = World.ready(folder, 1);
        Events events = Events.listening(world.cast().administrator())) {
      ShippedDevice shipped = world.device(0);
      String name = shipped.endpointName().value();
      world.cast().claim(shipped);

      Api.Answer refused =
          world.cast().tryPlan("issued-key", Map.of("cellular", Map.of("13", "300")));
      assertThat(refused.status()).as(refused.text()).isEqualTo(400);
      assertThat(refused.body().path("detail").asText()).contains("/10/0/13");

      // one that stood there before its object's range was narrowed
      smuggleIn(world, Map.of(13, "300"));
      world.restartPlatform();
      Thing thing = world.unpack(shipped);
      thing.switchOn().sees("bootstrap-request", "5.03").does("waiting");

      eventually(
          () ->
              assertThat(events.of("device.bootstrap-failed", name))
                  .anySatisfy(
                      event ->
                          assertThat(event.at("/details/reason").asText()).contains("/10/0/13")));
      assertThat(thing.isFactoryFresh()).isTrue();
      JsonNode device = world.seen(name);
      assertThat(device.path("state").asText()).isEqualTo("CLAIMED");
      assertThat(device.at("/subscription/state").asText()).isEqualTo("ASSIGNED");
      assertThat(thing.steps("waiting").get(0).details().get("s").toString())
          .satisfies(seconds -> assertThat(Long.parseLong(seconds)).isGreaterThan(60));
    }
  }

  private static void smuggleIn(World world, Map<Integer, String> cellular) {
    try (RedisStores redis = world.redis().open()) {
      BlockingState state = new BlockingState(redis.stores().records());
      Stored<OnboardingPlan> stored = state.find(Kinds.PLAN, Cast.PLAN).orElseThrow();
      OnboardingPlan plan = stored.value();
      OnboardingPlan bad =
          new OnboardingPlan(
              plan.id(),
              plan.tenant(),
              plan.models(),
              plan.owners(),
              plan.priority(),
              plan.account(),
              plan.credential(),
              plan.subscription(),
              plan.plmn(),
              plan.apns(),
              cellular,
              plan.optional(),
              plan.timing());
      CommitOutcome outcome =
          state.commit(
              Change.in(Cast.PLAN).put(Kinds.PLAN, Cast.PLAN, stored.version(), bad).build());
      assertThat(outcome).isInstanceOf(CommitOutcome.Committed.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"check-config", "up"})
  void a_config_file_with_an_unknown_key_is_refused_with_line_and_key(String command)
      throws Exception {
    Path config = folder.resolve("firstlight.yaml");
    Files.writeString(
        config,
        """
        dataDirectory: data
        http:
          port: 0
          prot: 8080
        """);
    List<String> arguments =
        command.equals("up")
            ? List.of("up", "--config", config.toString())
            : List.of("check-config", config.toString());

    Child child =
        Child.java(
            folder.resolve("command.out"),
            List.of("-Dfirstlight.home=" + folder.resolve("home")),
            Firstlight.class.getName(),
            arguments);

    assertThat(child.end()).isEqualTo(1);
    assertThat(child.output()).contains("firstlight.yaml:4: http.prot: ");
    assertThat(folder.resolve("data")).doesNotExist();
  }
}
