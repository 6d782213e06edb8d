package org.firstlight.cli.platform;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.firstlight.bootstrap.main.BootstrapServer;
import org.firstlight.dm.access.FirstAdministrator;
import org.firstlight.dm.main.DmServer;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.crypto.CryptoProvider;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.pki.PkiWatch;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.redis.RedisStores;

/** One Firstlight process: state, keys, and the servers that it was asked to run. */
public final class Platform implements AutoCloseable {
  /** Which servers one process runs. */
  public enum Role {
    BOOTSTRAP_SERVER,
    DM_SERVER
  }

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String node;
  private final Shutdown shutdown;
  private final CryptoProvider crypto;
  private final Pki pki;
  private final FirstAdministrator administrator;
  private final Optional<BootstrapServer> bootstrapServer;
  private final Optional<DmServer> dmServer;

  private Platform(FirstlightConfig config, Set<Role> roles, Clock clock, Shutdown shutdown) {
    this.node = config.node();
    this.shutdown = shutdown;
    crypto = CryptoProvider.install(config.crypto());
    RedisStores redis = Redis.open(config, clock, shutdown);
    administrator = new FirstAdministrator(redis.stores().records(), clock);
    pki = shutdown.closing("pki", Pki.open(config.dataDirectory(), config, clock));
    Metrics metrics = shutdown.closing("metrics", new Metrics());
    crypto.showIn(metrics);
    Health health = new Health();
    health.check("redis", redis.health()::problem);
    shutdown.closing("pki-watch", PkiWatch.start(pki, health));
    dmServer =
        roles.contains(Role.DM_SERVER)
            ? Optional.of(
                shutdown.closing(
                    "dm-server",
                    DmServer.start(config, pki, redis.stores(), metrics, health, clock)))
            : Optional.empty();
    bootstrapServer =
        roles.contains(Role.BOOTSTRAP_SERVER)
            ? Optional.of(
                shutdown.closing(
                    "bootstrap-server",
                    BootstrapServer.start(
                        config, pki, redis.stores(), metrics, health, clock, dmUri(config))))
            : Optional.empty();
    bootstrapServer.ifPresent(
        bootstrap ->
            dmServer.ifPresent(
                dm -> dm.bootstrapListensAt(bootstrap.coapsAddress(), bootstrap.coapAddress())));
  }

  /**
   * Starts the servers; what had started when one could not is closed again.
   *
   * @throws RuntimeException saying what the operator can change
   */
  public static Platform start(FirstlightConfig config, Set<Role> roles, Clock clock) {
    Shutdown shutdown = new Shutdown(PATIENCE);
    try {
      return new Platform(config, roles, clock, shutdown);
    } catch (RuntimeException e) {
      shutdown.close();
      throw e;
    }
  }

  /** Both servers. */
  public static Platform start(FirstlightConfig config, Clock clock) {
    return start(config, EnumSet.allOf(Role.class), clock);
  }

  /** Closes on SIGTERM and Ctrl-C. */
  public Platform closeOnSignal() {
    shutdown.onSignal();
    return this;
  }

  public void await() throws InterruptedException {
    shutdown.await();
  }

  /** Its name among the processes on one Redis. */
  public String node() {
    return node;
  }

  /** Who does its elliptic curves. */
  public CryptoProvider crypto() {
    return crypto;
  }

  public Pki pki() {
    return pki;
  }

  /** How whoever runs this process is let in. */
  public FirstAdministrator administrator() {
    return administrator;
  }

  public DmServer dmServer() {
    return dmServer.orElseThrow();
  }

  public BootstrapServer bootstrapServer() {
    return bootstrapServer.orElseThrow();
  }

  /** Where a device on this machine finds the LwM2M Bootstrap-Server. */
  public URI bootstrapUri(FirstlightConfig config) {
    return coaps(config.bootstrap().names().get(0), bootstrapServer().coapsAddress());
  }

  /** Where the API and the console are. */
  public URI httpUri() {
    return dmServer().httpAddress();
  }

  /** With a port that the system chose, only the server knows it. */
  private Optional<String> dmUri(FirstlightConfig config) {
    return config.dm().port() == 0
        ? dmServer.map(
            server -> coaps(config.dm().names().get(0), server.coapsAddress()).toString())
        : Optional.empty();
  }

  private static URI coaps(String name, InetSocketAddress address) {
    return URI.create("coaps://" + name + ":" + address.getPort());
  }

  @Override
  public void close() {
    shutdown.close();
  }
}
