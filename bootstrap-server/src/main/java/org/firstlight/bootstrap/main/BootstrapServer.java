package org.firstlight.bootstrap.main;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.firstlight.bootstrap.admission.Admission;
import org.firstlight.bootstrap.admission.Crowd;
import org.firstlight.bootstrap.admission.Refusals;
import org.firstlight.bootstrap.enrolment.Enrolment;
import org.firstlight.bootstrap.enrolment.RenewalAdmission;
import org.firstlight.bootstrap.enrolment.SimpleEnroll;
import org.firstlight.bootstrap.ocsp.OcspAnswers;
import org.firstlight.bootstrap.ocsp.OcspHealth;
import org.firstlight.bootstrap.revocation.RevocationFetching;
import org.firstlight.bootstrap.revocation.RevocationView;
import org.firstlight.bootstrap.session.Sessions;
import org.firstlight.bootstrap.transport.BootstrapEndpoints;
import org.firstlight.bootstrap.transport.BootstrapEndpoints.Listening;
import org.firstlight.bootstrap.transport.BootstrapEndpoints.Trust;
import org.firstlight.bootstrap.trust.BootstrapPskStore;
import org.firstlight.bootstrap.trust.FactoryCertificateVerifier;
import org.firstlight.bootstrap.trust.FactoryTrust;
import org.firstlight.bootstrap.trust.Judge;
import org.firstlight.bootstrap.trust.Peers;
import org.firstlight.fleet.event.FleetEvent;
import org.firstlight.fleet.plan.OnboardingPlan;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.kit.coap.EstResource;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.dtls.Eviction;
import org.firstlight.kit.dtls.OperationalTrust;
import org.firstlight.kit.dtls.SavedConnections;
import org.firstlight.kit.dtls.SessionResumption;
import org.firstlight.kit.dtls.Withdrawals;
import org.firstlight.kit.enrolment.SimpleReenroll;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.http.HealthRoutes;
import org.firstlight.kit.http.HttpServer;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.plan.Planning;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.objects.ObjectModels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The LwM2M Bootstrap-Server: its parts, in the order in which a device meets them. */
public final class BootstrapServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BootstrapServer.class);

  private static final Set<String> WITHDRAWN =
      Set.of("device.revoked", "device.retired", "device.released");

  private static final String CERTIFICATE_REVOKED = "certificate.revoked";

  /** By a person; its detail "sha256" says which. The device's own connection is another. */
  private static final String OPERATIONAL_REVOKED = "operational-certificate.revoked";

  /** Their detail "id" names the manufacturer. */
  private static final Set<String> TRUST_CHANGED =
      Set.of("manufacturer.changed", "revocation-list.changed", CERTIFICATE_REVOKED);

  private static final int ASKERS = 4;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Shutdown parts;
  private final BootstrapEndpoints endpoints;
  private final HttpServer health;

  private BootstrapServer(Shutdown parts, BootstrapEndpoints endpoints, HttpServer health) {
    this.parts = parts;
    this.endpoints = endpoints;
    this.health = health;
  }

  /**
   * Starts it; when this returns, it listens.
   *
   * @param dmUri where devices find the LwM2M Server, if not at {@code dm.publicUri}
   * @throws org.firstlight.fleet.failure.DependencyUnavailableException if state cannot be read: a
   *     server that knows no manufacturer would refuse every device
   */
  public static BootstrapServer start(
      FirstlightConfig config,
      Pki pki,
      Stores stores,
      Metrics metrics,
      Health health,
      Clock clock,
      Optional<String> dmUri) {
    Shutdown parts = new Shutdown(CLOSING);
    try {
      FleetState records = stores.records();
      ScheduledExecutorService timer =
          parts
              .closing(
                  "bootstrap-timer",
                  new Stopping<>(Executors.newScheduledThreadPool(1, named("timer"))))
              .executor();
      ExecutorService work =
          parts
              .closing(
                  "bootstrap-work",
                  new Stopping<>(
                      Executors.newFixedThreadPool(
                          Math.max(2, Runtime.getRuntime().availableProcessors()), named("work"))))
              .executor();
      // names are looked up and lists awaited on these threads: no device's work is behind them
      ExecutorService fetchers =
          parts
              .closing(
                  "bootstrap-fetchers",
                  new Stopping<>(Executors.newFixedThreadPool(2, named("fetcher"))))
              .executor();
      // and these for handshakes' questions: a slow list must not hold those up
      ExecutorService askers =
          parts
              .closing(
                  "bootstrap-askers",
                  new Stopping<>(Executors.newFixedThreadPool(ASKERS, named("asker"))))
              .executor();
      String serverUri = dmUri.orElseGet(() -> config.dm().uri().toString());

      // kept in memory: manufacturers, what they revoked, and plans; read again when one changes
      RecordsView<Manufacturer, FactoryTrust> trust =
          new RecordsView<>(records, Kinds.MANUFACTURER, FactoryTrust::of);
      RecordsView<OnboardingPlan, List<OnboardingPlan>> plans =
          new RecordsView<>(records, Kinds.PLAN, List::copyOf);
      RevocationView revocations = new RevocationView(records);
      parts.closing(
          "bootstrap-views",
          Views.start(
              stores.events(),
              timer,
              // without its list a device is refused: that keeps no other from being served
              List.of(
                  trust::refresh,
                  plans::refresh,
                  () -> revocations.refresh().exceptionally(away -> revocations.current())),
              health));
      RevocationFetching fetching =
          parts.closing(
              "bootstrap-revocation",
              new RevocationFetching(
                      records,
                      stores.leases(),
                      () -> trust.current().manufacturers(),
                      revocations,
                      fetchers,
                      clock,
                      config.node())
                  .start(timer));
      health.note("revocation-lists", fetching::inWords);

      // 1 trust, at the handshake and again at each request
      Supplier<FactoryTrust> trusted = () -> trust.current().with(revocations.current());
      OcspHealth responders =
          new OcspHealth(records, () -> trust.current().manufacturers(), metrics, clock)
              .start(timer);
      OcspAnswers answers = new OcspAnswers(askers, responders, clock);
      Judge judge = new Judge(trusted, answers, clock);
      Withdrawals withdrawals = new Withdrawals(records, () -> Suspensions.NONE);
      OperationalTrust operational =
          new OperationalTrust(
              pki.operationalCa().certificate(),
              new Withdrawals(records, () -> Suspensions.of(trust.current().manufacturers())),
              clock);
      Peers peers = new Peers(judge, operational);
      Trust handshake =
          new Trust(
              pki::bootstrapServer,
              new FactoryCertificateVerifier(judge, operational),
              new BootstrapPskStore(records, pki.keyEncryption(), work),
              new SessionResumption(
                  Optional.empty(),
                  (name, peer) -> withdrawals.reason(name),
                  peers::trustedEndpointName));
      // 2 admission
      Crowd crowd =
          new Crowd(
              config.bootstrap().sessionsAtOnce(),
              Runtime.getRuntime().availableProcessors(),
              clock);
      Admission admission = new Admission(records, clock);
      Refusals refusals = new Refusals(records, clock);
      // 3 plan
      Planning planning =
          new Planning(records, ObjectModels::builtIn, pki.keyEncryption(), serverUri, clock);
      // 5 enrolment, before what is written in 4 as it is part of that
      Enrolment enrolment = new Enrolment(pki, records, clock);
      // 4 session
      Sessions sessions =
          new Sessions(records, ObjectModels::builtIn, crowd::leave, metrics, clock);

      Journey journey =
          new Journey(
              new Journey.Steps(
                  crowd, peers, admission, refusals, plans::current, planning, enrolment, sessions),
              metrics,
              work,
              clock);
      // 5 enrolment by EST, on the same connection
      SimpleEnroll enroll = new SimpleEnroll(peers, records, pki.operationalCa(), work, clock);
      SimpleReenroll reenroll =
          new SimpleReenroll(
              new RenewalAdmission(peers, admission, refusals),
              records,
              pki.operationalCa(),
              work,
              clock);
      Supplier<EstResource> est =
          () -> new EstResource(pki::authorities, Map.of("sen", enroll, "sren", reenroll));
      BootstrapEndpoints endpoints =
          parts.closing(
              "bootstrap-endpoints",
              BootstrapEndpoints.start(
                  config,
                  handshake,
                  journey,
                  new Listening(
                      records,
                      metrics,
                      clock,
                      timer,
                      est,
                      new SavedConnections(
                          "bootstrap",
                          config.node(),
                          config.dataDirectory().resolve("dtls"),
                          records,
                          pki.keyEncryption(),
                          clock))));
      // who is no longer trusted loses its connection, and a session on it ends there
      Eviction eviction = endpoints.eviction(peers::endpointName, work);
      parts.closing(
          "bootstrap-follower",
          stores
              .events()
              .follow(
                  "",
                  type ->
                      WITHDRAWN.contains(type)
                          || TRUST_CHANGED.contains(type)
                          || type.equals(OPERATIONAL_REVOKED),
                  entry -> {
                    if (entry.event().type().equals(OPERATIONAL_REVOKED)) {
                      String sha256 = entry.event().details().getOrDefault("sha256", "");
                      eviction.evictAll(peer -> peers.hasShown(peer, sha256));
                      return;
                    }
                    if (entry.event().type().equals(CERTIFICATE_REVOKED)) {
                      answers.forget(entry.event().details().getOrDefault("sha256", ""));
                    }
                    shutOut(
                        entry.event(),
                        () -> trust.refresh().thenCombine(revocations.refresh(), List::of),
                        peers,
                        eviction);
                  }));
      HttpServer healthServer =
          parts.closing(
              "bootstrap-health",
              HealthRoutes.startAlone(config.bootstrap().healthPort(), health, metrics));
      return new BootstrapServer(parts, endpoints, healthServer);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private static void shutOut(
      FleetEvent event, Supplier<CompletionStage<?>> refresh, Peers peers, Eviction eviction) {
    event.endpointName().ifPresent(eviction::evict);
    if (TRUST_CHANGED.contains(event.type())) {
      String manufacturer = event.details().getOrDefault("id", "");
      refresh
          .get()
          .whenComplete(
              (now, away) -> {
                if (away != null) {
                  LOG.warn("manufacturers cannot be read anew: each request is judged again", away);
                }
                eviction.evictAll(peer -> peers.isDistrusted(peer, manufacturer));
              });
    }
  }

  public InetSocketAddress coapsAddress() {
    return endpoints.coapsAddress();
  }

  public Optional<InetSocketAddress> coapAddress() {
    return endpoints.coapAddress();
  }

  /** Where health and metrics are. */
  public URI healthUri() {
    return health.uri();
  }

  @Override
  public void close() {
    parts.close();
  }

  private static ThreadFactory named(String what) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "bootstrap-%s-%d".formatted(what, count.incrementAndGet()));
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Executors close only from Java 19 on. */
  private record Stopping<E extends ExecutorService>(E executor) implements AutoCloseable {
    @Override
    public void close() {
      executor.shutdownNow();
    }
  }
}
