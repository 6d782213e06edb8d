package org.firstlight.dm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.firstlight.dm.DmWorld.Credential;
import org.firstlight.dm.access.Principal;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.OperationResult.Done;
import org.firstlight.dm.operation.OperationResult.Failed;
import org.firstlight.fleet.configuration.ReportedValue;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.failure.FailureCode;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.objects.value.TypedValue.Bytes;
import org.firstlight.objects.value.TypedValue.Many;
import org.firstlight.objects.value.TypedValue.Text;
import org.firstlight.objects.value.TypedValue.Whole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a registered device is asked, and what it tells by itself. */
class OperationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Principal OPERATOR = Principal.platform("test");
  private static final Principal THIRD_PARTY =
      new Principal(DmWorld.OWNER, Tenant.Kind.SERVICE_PROVIDER, "t1");
  private static final String CBOR_LINKS = "</>;rt=\"oma.lwm2m\";ct=112,</3/0>,</19/0>";
  private static final String TLV_LINKS = "</>;rt=\"oma.lwm2m\";ct=11542,</3/0>,</19/0>";

  @TempDir static Path directory;
  private static DmWorld world;

  @BeforeAll
  static void start() {
    world = new DmWorld(directory);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void disconnect() {
    world.closeDevices();
  }

  /** A registered device and its name. */
  private record Known(EndpointName name, TestDevice device) {
    DeviceTree tree() {
      return device.tree;
    }
  }

  private static Known registered(String links, String version) {
    EndpointName name = world.bootstrapped();
    TestDevice device = world.connect(world.issue(name));
    device.tree.values.put(path("/3/0/0"), new Text("Maker"));
    device.tree.values.put(path("/3/0/9"), new Whole(80));
    device.tree.values.put(path("/3/0/6"), new Many(Map.of(0, new Whole(1), 1, new Whole(5))));
    device.tree.values.put(path("/3/0/15"), new Text("Europe/Paris"));
    assertThat(
            device.register(links, DmWorld.query(name, "lwm2m=" + version)).orElseThrow().getCode())
        .isEqualTo(ResponseCode.CREATED);
    Known known = new Known(name, device);
    // the first reading asks for the same values, and may do so after the device has told others
    await().atMost(PATIENCE).until(() -> values(known).containsKey("/3/0/0"));
    return known;
  }

  private static LwM2mPath path(String text) {
    return LwM2mPath.parse(text);
  }

  private static OperationResult perform(Known known, Principal by, Operation operation) {
    return within(world.server.operations().perform(known.name(), 1, by, operation));
  }

  private static CompletionStage<OperationResult> start(Known known, Operation operation) {
    return world.server.operations().perform(known.name(), 1, OPERATOR, operation);
  }

  /** A silent device takes longer than state ever does. */
  private static OperationResult within(CompletionStage<OperationResult> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }

  private static Done done(Known known, Operation operation) {
    OperationResult result = perform(known, OPERATOR, operation);
    assertThat(result).isInstanceOf(Done.class);
    return (Done) result;
  }

  private static FailureCode failure(OperationResult result) {
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed) result).failure().code();
  }

  private static Map<String, ReportedValue> values(Known known) {
    return DmWorld.await(world.stores.values().find(known.name()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"1.0 " + TLV_LINKS, "1.1 " + TLV_LINKS, "1.1 " + CBOR_LINKS, "1.2 " + CBOR_LINKS},
      quoteCharacter = '\u0001')
  void values_are_read_in_the_devices_own_format(String version, String links) {
    Known known = registered(links, version);

    Done one = done(known, new Operation.Read(path("/3/0/0")));
    assertThat(one.values()).containsExactly(Map.entry(path("/3/0/0"), new Text("Maker")));
    assertThat(one.coapCode()).isEqualTo("2.05");
    assertThat(done(known, new Operation.Read(path("/3/0"))).values())
        .containsEntry(path("/3/0/9"), new Whole(80))
        .containsEntry(path("/3/0/6"), new Many(Map.of(0, new Whole(1), 1, new Whole(5))));

    ReportedValue kept = values(known).get("/3/0/0");
    assertThat(kept.value()).isEqualTo("Maker");
    assertThat(kept.type()).isEqualTo("STRING");
    assertThat(kept.source()).isEqualTo("read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {"1.0 " + TLV_LINKS, "1.1 " + TLV_LINKS, "1.1 " + CBOR_LINKS},
      quoteCharacter = '\u0001')
  void values_are_written_in_the_devices_own_format(String version, String links) {
    Known known = registered(links, version);
    TypedValue data = new Bytes(new byte[] {1, 2, 3});

    done(known, Operation.Write.of(path("/3/0/15"), new Text("Europe/Berlin")));
    done(known, Operation.Write.of(path("/19/0/0/7"), data));
    done(
        known,
        new Operation.Write(
            path("/3/0"),
            Map.of(path("/3/0/14"), new Text("+01:00"), path("/3/0/15"), new Text("UTC"))));

    assertThat(known.tree().values)
        .containsEntry(path("/3/0/14"), new Text("+01:00"))
        .containsEntry(path("/3/0/15"), new Text("UTC"))
        .containsEntry(path("/19/0/0"), new Many(Map.of(7, data)));
  }

  @Test
  void device_that_knows_only_text_is_written_and_read_in_text() {
    Known known = registered(TLV_LINKS, "1.1");
    known.tree().unknownFormats.add(11542);
    known.tree().unknownFormats.add(112);

    done(known, Operation.Write.of(path("/3/0/15"), new Text("Europe/Berlin")));

    assertThat(known.tree().values).containsEntry(path("/3/0/15"), new Text("Europe/Berlin"));
  }

  @Test
  void execute_takes_its_arguments_along() {
    Known known = registered(TLV_LINKS, "1.1");

    assertThat(done(known, new Operation.Execute(path("/3/0/4"), "")).coapCode()).isEqualTo("2.04");
    done(known, new Operation.Execute(path("/5/0/2"), "0='now'"));

    assertThat(known.tree().requests).contains("POST /3/0/4", "POST /5/0/2 0='now'");
  }

  @Test
  void discover_returns_links() {
    Known known = registered(TLV_LINKS, "1.1");

    assertThat(done(known, new Operation.Discover(path("/3/0"))).links()).isEqualTo("</3/0>");
  }

  @Test
  void observed_value_is_stored_with_each_notification_until_it_is_cancelled() {
    Known known = registered(TLV_LINKS, "1.1");

    assertThat(done(known, new Operation.Observe(path("/3/0/9"))).values())
        .containsEntry(path("/3/0/9"), new Whole(80));
    known.tree().change("/3/0/9", new Whole(79));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(values(known).get("/3/0/9").value()).isEqualTo("79");
              assertThat(values(known).get("/3/0/9").source()).isEqualTo("notify");
              assertThat(world.events(known.name(), "device.values-changed"))
                  .anySatisfy(
                      event ->
                          assertThat(event.details())
                              .containsEntry("source", "notify")
                              .containsEntry("paths", "/3/0/9"));
            });
    known.tree().change("/3/0/9", new Whole(78));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(values(known).get("/3/0/9").value()).isEqualTo("78"));

    done(known, new Operation.CancelObservation(path("/3/0/9")));
    assertThat(known.tree().node("/3/0/9").getObserverCount()).isZero();
  }

  @Test
  void notification_that_cannot_be_stored_comes_again() {
    Known known = registered(TLV_LINKS, "1.1");
    done(known, new Operation.Observe(path("/3/0/9")));
    world.signalRedis("STOP");
    try {
      known.tree().change("/3/0/9", new Whole(12));
      // longer than a write waits for Redis
      await()
          .pollDelay(Duration.ofSeconds(3))
          .atMost(PATIENCE)
          .until(() -> known.tree().node("/3/0/9").getObserverCount() == 1);
    } finally {
      world.signalRedis("CONT");
    }

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(values(known).get("/3/0/9").value()).isEqualTo("12"));
  }

  @Test
  void observations_are_asked_for_again_when_the_device_registers_anew() {
    Known known = registered(TLV_LINKS, "1.1");
    done(known, new Operation.Observe(path("/3/0/9")));
    known.tree().node("/3/0/9").clearObserveRelations();

    DmWorld.register(known.device(), known.name());

    await().atMost(PATIENCE).until(() -> known.tree().node("/3/0/9").getObserverCount() == 1);
    known.tree().change("/3/0/9", new Whole(33));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(values(known).get("/3/0/9").value()).isEqualTo("33"));
  }

  @Test
  void device_that_started_anew_notifies_under_message_ids_used_before() {
    EndpointName name = world.bootstrapped();
    Credential credential = world.issue(name);
    TestDevice before = world.connect(credential);
    DmWorld.register(before, name);
    Known known = new Known(name, before);
    before.tree.values.put(path("/3/0/9"), new Whole(80));
    done(known, new Operation.Observe(path("/3/0/9")));
    for (int level : new int[] {79, 78, 77}) {
      before.tree.change("/3/0/9", new Whole(level));
      awaitLevel(known, level);
    }
    before.close();

    TestDevice after = world.connect(credential);
    after.tree.values.put(path("/3/0/9"), new Whole(60));
    DmWorld.register(after, name);

    await().atMost(PATIENCE).until(() -> after.tree.node("/3/0/9").getObserverCount() == 1);
    awaitLevel(known, 60);
    for (int level : new int[] {59, 58, 57}) {
      after.tree.change("/3/0/9", new Whole(level));
      awaitLevel(known, level);
    }
  }

  private static void awaitLevel(Known known, int level) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(values(known).get("/3/0/9").value()).isEqualTo("" + level));
  }

  @Test
  void send_is_stored_before_it_is_answered() {
    Known known = registered(CBOR_LINKS, "1.1");
    byte[] payload =
        "[{\"n\":\"/3/0/9\",\"v\":55},{\"n\":\"/3/0/14\",\"vs\":\"+01:00\"}]"
            .getBytes(StandardCharsets.UTF_8);

    assertThat(known.device().sendData(110, payload).getCode()).isEqualTo(ResponseCode.CHANGED);

    assertThat(values(known).get("/3/0/9").value()).isEqualTo("55");
    assertThat(values(known).get("/3/0/14").source()).isEqualTo("send");
    assertThat(known.device().sendData(110, new byte[] {1}).getCode())
        .isEqualTo(ResponseCode.BAD_REQUEST);
  }

  @Test
  void refusal_of_the_device_names_its_code() {
    Known known = registered(TLV_LINKS, "1.1");

    OperationResult result = perform(known, OPERATOR, new Operation.Read(path("/4/0/0")));

    assertThat(failure(result)).isEqualTo(FailureCode.DEVICE_REJECTED);
    assertThat(((Failed) result).failure().reason()).contains("4.04");
  }

  @Test
  void service_provider_is_kept_from_the_operators_objects() {
    Known known = registered(TLV_LINKS, "1.1");
    known.tree().values.put(path("/13/0/6"), new Text("26201"));
    known.tree().requests.clear();

    for (String closed :
        new String[] {"/", "/0", "/1/0", "/10/0", "/11/0/1", "/13/0", "/505/0/3"}) {
      assertThat(failure(perform(known, THIRD_PARTY, new Operation.Read(path(closed)))))
          .isEqualTo(FailureCode.FORBIDDEN);
    }
    assertThat(
            failure(
                perform(
                    known,
                    THIRD_PARTY,
                    new Operation.Write(path("/3/0"), Map.of(path("/13/0/6"), new Text("00101"))))))
        .isEqualTo(FailureCode.FORBIDDEN);
    assertThat(known.tree().values).containsEntry(path("/13/0/6"), new Text("26201"));
    assertThat(known.tree().requests).noneMatch(request -> request.startsWith("P"));
  }

  @Test
  void credentials_are_not_shown_to_anybody() {
    Known known = registered(TLV_LINKS, "1.1");
    known.tree().values.put(path("/11/0/0"), new Text("profile"));
    known.tree().values.put(path("/11/0/6"), new Text("apn-password"));

    Done read = done(known, new Operation.Read(path("/11/0")));

    assertThat(read.values()).containsKey(path("/11/0/0")).doesNotContainKey(path("/11/0/6"));
    assertThat(read.hidden()).containsExactly(path("/11/0/6"));
    assertThat(values(known).get("/11/0/6").value()).isEqualTo("•••");
  }

  @Test
  void device_that_never_registered_cannot_be_reached() {
    EndpointName name = world.bootstrapped();

    OperationResult result =
        DmWorld.await(
            world.server.operations().perform(name, 1, OPERATOR, new Operation.Read(path("/3/0"))));

    assertThat(failure(result)).isEqualTo(FailureCode.DEVICE_UNREACHABLE);
  }

  @Test
  @Tag("long")
  void answer_that_is_lost_leaves_open_only_what_may_not_be_repeated() {
    Known known = registered(TLV_LINKS, "1.1");
    done(known, new Operation.Read(path("/3/0/15")));
    known.tree().silent = true;

    CompletionStage<OperationResult> execute =
        start(known, new Operation.Execute(path("/3/0/4"), ""));
    CompletionStage<OperationResult> behindIt = start(known, new Operation.Read(path("/3/0/0")));
    assertThat(failure(within(execute))).isEqualTo(FailureCode.OUTCOME_UNKNOWN);
    assertThat(failure(within(behindIt))).isEqualTo(FailureCode.DEVICE_TIMEOUT);
    assertThat(known.tree().requests).doesNotContain("GET /3/0/0");
    assertThat(failure(perform(known, OPERATOR, new Operation.Read(path("/3/0/15")))))
        .isEqualTo(FailureCode.DEVICE_TIMEOUT);
    assertThat(known.tree().requests.stream().filter("POST /3/0/4"::equals)).hasSize(1);
  }

  @Test
  void send_after_a_restart_shows_where_the_device_is() {
    Known known = registered(CBOR_LINKS, "1.1");
    world.closeDevices();
    world.restartServer();
    TestDevice again = world.connect(world.issue(known.name()));
    again.tree.values.put(path("/3/0/15"), new Text("UTC"));

    byte[] payload = "[{\"n\":\"/3/0/9\",\"v\":54}]".getBytes(StandardCharsets.UTF_8);
    assertThat(again.sendData(110, payload).getCode()).isEqualTo(ResponseCode.CHANGED);

    assertThat(done(known, new Operation.Read(path("/3/0/15"))).values())
        .containsEntry(path("/3/0/15"), new Text("UTC"));
  }

  @Test
  void first_values_are_read_once_per_object_list() {
    Known known = registered(TLV_LINKS, "1.1");
    await().atMost(PATIENCE).until(() -> known.tree().requests.contains("GET /3/0"));
    await().atMost(PATIENCE).until(() -> values(known).containsKey("/3/0/0"));
    known.tree().requests.clear();

    assertThat(
            known.device().register(TLV_LINKS, DmWorld.query(known.name())).orElseThrow().getCode())
        .isEqualTo(ResponseCode.CREATED);
    done(known, new Operation.Read(path("/3/0/15")));

    assertThat(known.tree().requests).doesNotContain("GET /3/0");
  }
}
