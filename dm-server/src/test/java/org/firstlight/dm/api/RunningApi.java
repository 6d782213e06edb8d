package org.firstlight.dm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.firstlight.dm.TestClock;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.certificate.RevocationListView;
import org.firstlight.dm.configuration.Configurations;
import org.firstlight.dm.inventory.ObjectCatalogue;
import org.firstlight.dm.operation.Operation;
import org.firstlight.dm.operation.OperationResult;
import org.firstlight.dm.operation.Operations;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Change;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.tenant.ApiToken;
import org.firstlight.fleet.tenant.Role;
import org.firstlight.fleet.tenant.Tenant;
import org.firstlight.fleet.tenant.User;
import org.firstlight.kit.config.ConfigFile;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Pki;
import org.firstlight.objects.path.LwM2mPath;
import org.firstlight.objects.value.TypedValue;
import org.firstlight.redis.Durability;
import org.firstlight.redis.EmbeddedRedis;
import org.firstlight.redis.RedisStores;
import org.firstlight.redis.node.Topology;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Factory;
import org.firstlight.simulator.factory.Order;
import org.firstlight.simulator.factory.Shipment;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;

/**
 * The API over a real socket and a real Redis, with a factory's real shipment. Behind {@code
 * Operations} stands no device here, only a note of what was asked.
 */
final class RunningApi implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String OPERATOR = "north";
  static final String PROVIDER = "things";
  static final String OTHER_PROVIDER = "rivals";
  static final String MAKER = "acme";

  final Shipment shipment;
  final Stores stores;
  final BlockingState state;
  final Queue<Operation> asked = new ConcurrentLinkedQueue<>();
  final Queue<String> reconfigured = new ConcurrentLinkedQueue<>();
  final TestClock clock = new TestClock();
  final RevocationListView revocationLists;
  final FirstAdministrator first;
  final String administrator;
  private final EmbeddedRedis redis;
  private final RedisStores opened;
  private final Metrics metrics = new Metrics();
  private final Api api;
  private final HttpClient client = HttpClient.newHttpClient();

  RunningApi(Path folder) throws Exception {
    this(folder, 3);
  }

  RunningApi(Path folder, int devices) throws Exception {
    this(folder, devices, "http: { port: 0 }");
  }

  /**
   * @param sections of the configuration, {@code http} among them
   */
  RunningApi(Path folder, int devices, String sections) throws Exception {
    shipment = new Factory(folder.resolve("outside"), clock).make(Order.of(devices));
    redis = EmbeddedRedis.start(folder.resolve("redis"), Durability.EVERYSEC);
    opened = RedisStores.open(redis.settings(), clock);
    stores = opened.stores();
    state = new BlockingState(stores.records());
    FirstlightConfig config = config(folder, sections);
    revocationLists = new RevocationListView(stores.records());
    first = new FirstAdministrator(stores.records(), clock);
    api =
        Api.start(
            new Api.Parts(
                config,
                Pki.open(config.dataDirectory(), config, clock),
                stores,
                operations(),
                configurations(),
                new ObjectCatalogue(stores.records(), clock),
                () ->
                    new LwM2mAddresses(
                        Optional.of(URI.create("coaps://localhost:5684")),
                        Optional.empty(),
                        URI.create("coaps://localhost:5784"),
                        Optional.empty()),
                revocationLists,
                metrics,
                new Health(),
                clock));
    administrator = first.apiToken("tests");
    tenant(OPERATOR, Tenant.Kind.MOBILE_OPERATOR, Optional.of("firstlight-mobile"));
    tenant(PROVIDER, Tenant.Kind.SERVICE_PROVIDER, Optional.empty());
    tenant(OTHER_PROVIDER, Tenant.Kind.SERVICE_PROVIDER, Optional.empty());
    tenant(MAKER, Tenant.Kind.MANUFACTURER, Optional.empty());
  }

  private FirstlightConfig config(Path folder, String sections) throws Exception {
    Path file = folder.resolve("firstlight.yaml");
    Files.writeString(
        file,
        """
        dataDirectory: %s
        %s
        bootstrap: { host: 127.0.0.1, port: 0 }
        dm: { host: 127.0.0.1, port: 0 }
        custody: { subscriptionRoots: [ %s ] }
        """
            .formatted(folder.resolve("data"), sections, shipment.subscriptionRoot()));
    return ConfigFile.read(file);
  }

  private Operations operations() {
    return (name, account, by, operation) -> {
      asked.add(operation);
      return CompletableFuture.supplyAsync(
          () ->
              new OperationResult.Done(
                  Map.of(LwM2mPath.parse("/3/0/0"), new TypedValue.Text("Firstlight")),
                  Set.of(LwM2mPath.parse("/3/0/15")),
                  "",
                  "2.05"));
    };
  }

  private Configurations configurations() {
    return new Configurations() {
      @Override
      public CompletableFuture<Void> changed(String configurationId) {
        reconfigured.add(configurationId);
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public CompletableFuture<Void> apply(EndpointName endpointName) {
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  private void tenant(String id, Tenant.Kind kind, Optional<String> operatorId) {
    Tenant tenant = new Tenant(id, id, kind, operatorId, Optional.empty());
    state.commit(Change.in(id).put(Kinds.TENANT, id, 0, tenant).build());
  }

  /** An API token of this tenant. */
  String token(String tenant) {
    Tenant found = state.find(Kinds.TENANT, tenant).orElseThrow().value();
    return new Tokens(state, Clock.systemUTC())
        .issue(tenant, found.kind(), "tests", ApiToken.Use.API, Optional.empty())
        .text();
  }

  /** A user of this tenant, and an API token of the user's. */
  String userToken(String tenant, String name, Role role) {
    Instant now = Instant.now();
    User user =
        new User(
            name,
            tenant,
            name,
            role,
            User.State.ACTIVE,
            Optional.empty(),
            List.of(),
            now,
            now,
            Optional.empty(),
            Optional.empty());
    state.commit(Change.in(name).put(Kinds.USER, name, 0, user).build());
    Tenant found = state.find(Kinds.TENANT, tenant).orElseThrow().value();
    return new Tokens(state, Clock.systemUTC())
        .issue(
            new Tokens.Grant(
                tenant,
                found.kind(),
                "tests",
                ApiToken.Use.API,
                Optional.empty(),
                Optional.of(name),
                Optional.empty()))
        .text();
  }

  /** Lets the manufacturer in and imports its shipment. */
  void ship() throws Exception {
    ObjectMapper json = JSON;
    String maker =
        json.writeValueAsString(
            Map.of(
                "name",
                "Acme",
                "anchors",
                List.of(Files.readString(shipment.manufacturerCa())),
                "identityRule",
                "SAN_URI",
                "namespace",
                shipment.order().namespace()));
    Reply made = as(administrator).put("/manufacturers/" + MAKER, maker);
    prove(MAKER, shipment.manufacturer(), made);
    Reply imported = as(administrator).ndjson("/devices", Files.readString(shipment.list()));
    if (made.status() != 200 || imported.body().path("refusedCount").asInt(-1) != 0) {
      throw new AssertionError(made + " " + imported);
    }
  }

  /** Shows that the manufacturer, as it was put, holds the key of its one CA. */
  Reply prove(String manufacturer, Authority authority, Reply put) throws Exception {
    String challenge = put.body().path("authorities").path(0).path("challenge").asText();
    return as(administrator)
        .post("/manufacturers/" + manufacturer + "/proofs", proof(authority, challenge));
  }

  static String proof(Authority authority, String challenge) throws Exception {
    return JSON.writeValueAsString(
        Map.of("certificate", authority.proof(challenge, Instant.now())));
  }

  String name(int device) {
    return shipment.devices().get(device).endpointName().value();
  }

  /** Claims a device of the shipment for a service provider. */
  void claim(int device, String tenant) throws Exception {
    String code = shipment.devices().get(device).claimCode();
    Reply reply = as(token(tenant)).post("/claims", "{\"code\":\"" + code + "\"}");
    if (reply.status() != 201) {
      throw new AssertionError(reply);
    }
  }

  static String path(String endpointName) {
    return URLEncoder.encode(endpointName, StandardCharsets.UTF_8);
  }

  URI uri(String path) {
    return URI.create(api.uri() + Api.PREFIX + path);
  }

  List<Route> table() {
    return api.table();
  }

  /** Every key in Redis. */
  Set<String> keys() {
    Topology.Standalone standalone = (Topology.Standalone) redis.settings().topology();
    try (Jedis jedis = new Jedis(standalone.node().host(), standalone.node().port())) {
      redis.settings().login().password().ifPresent(jedis::auth);
      return jedis.keys("*");
    }
  }

  /** Takes Redis away for good. */
  void stopRedis() {
    redis.close();
  }

  /** Stops and lets go on the Redis process: away, and back with all that it had. */
  void redis(String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(redis.process().pid()))
        .start()
        .waitFor(5, TimeUnit.SECONDS);
  }

  /** Calls with this token. */
  Caller as(String token) {
    return new Caller(Map.of("Authorization", "Bearer " + token));
  }

  Caller anonymous() {
    return new Caller(Map.of());
  }

  Caller with(Map<String, String> headers) {
    return new Caller(headers);
  }

  record Reply(int status, JsonNode body, String text, HttpResponse<String> response) {
    String code() {
      return body.path("code").asText();
    }

    String detail() {
      return body.path("detail").asText();
    }

    @Override
    public String toString() {
      return status + " " + text;
    }
  }

  /** One client. */
  final class Caller {
    private final Map<String, String> headers;
    private final HttpClient through;

    private Caller(Map<String, String> headers) {
      this(headers, client);
    }

    private Caller(Map<String, String> headers, HttpClient through) {
      this.headers = headers;
      this.through = through;
    }

    /**
     * On a connection that nobody uses after it: Jetty ends one after a path that it cannot read,
     * and does not say so before.
     */
    Caller alone() {
      return new Caller(headers, HttpClient.newHttpClient());
    }

    Caller plus(String name, String value) {
      Map<String, String> more = new HashMap<>(headers);
      more.put(name, value);
      return new Caller(more, through);
    }

    Reply get(String path) throws Exception {
      return send("GET", path, null, null);
    }

    /** Of a path outside the API's prefix. */
    Reply getRoot(String path) throws Exception {
      return send(api.uri().resolve(path), "GET", null, null);
    }

    Reply delete(String path) throws Exception {
      return send("DELETE", path, null, null);
    }

    Reply post(String path, String json) throws Exception {
      return send("POST", path, json, "application/json");
    }

    Reply put(String path, String json) throws Exception {
      return send("PUT", path, json, "application/json");
    }

    Reply ndjson(String path, String lines) throws Exception {
      return send("POST", path, lines, "application/x-ndjson");
    }

    Reply send(String method, String path, @Nullable String body, @Nullable String type)
        throws Exception {
      return send(uri(path), method, body, type);
    }

    private Reply send(URI uri, String method, @Nullable String body, @Nullable String type)
        throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(Duration.ofSeconds(30))
              .method(
                  method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
      headers.forEach(request::header);
      if (type != null) {
        request.header("Content-Type", type);
      }
      HttpResponse<String> response =
          through.send(request.build(), HttpResponse.BodyHandlers.ofString());
      String text = response.body();
      JsonNode json =
          text.startsWith("{") ? JSON.readTree(text) : JSON.getNodeFactory().objectNode();
      return new Reply(response.statusCode(), json, text, response);
    }
  }

  @Override
  public void close() {
    api.close();
    metrics.close();
    opened.close();
    redis.close();
  }
}
