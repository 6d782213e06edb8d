package org.firstlight.dm.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.firstlight.fleet.failure.Failure;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.failure.Outcome;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.objects.definition.ObjectDefinition;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectCatalogueTest {
  private static final int LAMP = 33010;
  private static final int SWITCH = 33011;

  @TempDir private Path folder;
  private EmbeddedRedis redis;
  private RedisStores opened;
  private FleetState records;

  @BeforeEach
  void start() throws Exception {
    redis = EmbeddedRedis.start(folder, Durability.EVERYSEC);
    opened = RedisStores.open(redis.settings(), Clock.systemUTC());
    records = opened.stores().records();
  }

  @AfterEach
  void stop() {
    opened.close();
    redis.close();
  }

  @Test
  void a_file_of_several_objects_is_refused_before_any_is_stored() {
    ObjectCatalogue catalogue = new ObjectCatalogue(records, Clock.systemUTC());
    assertThat(load(catalogue, ddf(SWITCH, "Old")).result()).isPresent();

    Failure refused =
        load(catalogue, ddf(LAMP, "Lamp"), ddf(SWITCH, "New")).refusal().orElseThrow();

    assertThat(refused.code()).isEqualTo(FailureCode.PRECONDITION_FAILED);
    assertThat(catalogue.get().find(LAMP)).isEmpty();
    assertThat(catalogue.get().find(SWITCH).orElseThrow().name()).isEqualTo("Old");
  }

  @Test
  void who_loses_a_race_within_a_file_is_told_what_is_loaded() {
    ObjectCatalogue other = new ObjectCatalogue(records, Clock.systemUTC());
    AtomicInteger commits = new AtomicInteger();
    FleetState raced =
        (FleetState)
            Proxy.newProxyInstance(
                FleetState.class.getClassLoader(),
                new Class<?>[] {FleetState.class},
                (proxy, called, arguments) -> {
                  if (called.getName().equals("commit") && commits.incrementAndGet() == 2) {
                    load(other, ddf(SWITCH, "Theirs"));
                  }
                  return called.invoke(records, arguments);
                });
    ObjectCatalogue catalogue = new ObjectCatalogue(raced, Clock.systemUTC());

    Failure refused =
        load(catalogue, ddf(LAMP, "Lamp"), ddf(SWITCH, "Ours")).refusal().orElseThrow();

    assertThat(refused.reason()).startsWith("object 33011/1.0: ").endsWith("loaded: 33010/1.0");
    assertThat(catalogue.get().find(LAMP)).isPresent();
    assertThat(catalogue.get().find(SWITCH).orElseThrow().name()).isEqualTo("Theirs");
  }

  private static Outcome<List<ObjectDefinition>> load(
      ObjectCatalogue catalogue, String... objects) {
    String xml = "<LWM2M>" + String.join("", objects) + "</LWM2M>";
    return catalogue.load(xml.getBytes(StandardCharsets.UTF_8), Documents.Precondition.NONE);
  }

  private static String ddf(int id, String name) {
    return """
    <Object ObjectType="MODefinition">
      <Name>%s</Name><Description1/><ObjectID>%d</ObjectID><ObjectURN>urn:oma:lwm2m:x:%d</ObjectURN>
      <LWM2MVersion>1.0</LWM2MVersion><ObjectVersion>1.0</ObjectVersion>
      <MultipleInstances>Single</MultipleInstances><Mandatory>Optional</Mandatory>
      <Resources><Item ID="0"><Name>On</Name><Operations>RW</Operations>
        <MultipleInstances>Single</MultipleInstances><Mandatory>Mandatory</Mandatory>
        <Type>Boolean</Type><RangeEnumeration/><Units/><Description/></Item></Resources>
    </Object>
    """
        .formatted(name, id, id);
  }
}
