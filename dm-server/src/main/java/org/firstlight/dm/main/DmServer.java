package org.firstlight.dm.main;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.firstlight.dm.api.Api;
import org.firstlight.dm.certificate.DueRenewals;
import org.firstlight.dm.certificate.RenewalCall;
import org.firstlight.dm.certificate.RenewalWishes;
import org.firstlight.dm.certificate.RevocationListIssuing;
import org.firstlight.dm.certificate.RevocationListView;
import org.firstlight.dm.configuration.ConfigurationDocuments;
import org.firstlight.dm.configuration.ConfigurationOutcome;
import org.firstlight.dm.configuration.Configurations;
import org.firstlight.dm.configuration.ConfiguredSecrets;
import org.firstlight.dm.configuration.DeviceConfigurations;
import org.firstlight.dm.configuration.PathApplication;
import org.firstlight.dm.connectivity.SubscriptionVerdict;
import org.firstlight.dm.connectivity.SubscriptionWatch;
import org.firstlight.dm.custody.PackageExpiry;
import org.firstlight.dm.enrolment.RevocationListResource;
import org.firstlight.dm.inventory.DeniedAuthorities;
import org.firstlight.dm.inventory.ObjectCatalogue;
import org.firstlight.dm.observation.FirstReading;
import org.firstlight.dm.observation.NotificationReceiver;
import org.firstlight.dm.observation.ObservingAgain;
import org.firstlight.dm.observation.SendResource;
import org.firstlight.dm.operation.BootstrapTrigger;
import org.firstlight.dm.operation.Conversation;
import org.firstlight.dm.operation.DeviceLink;
import org.firstlight.dm.operation.DeviceModels;
import org.firstlight.dm.operation.DeviceOperations;
import org.firstlight.dm.operation.DeviceReports;
import org.firstlight.dm.operation.DeviceValues;
import org.firstlight.dm.operation.Observations;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.presence.Contacts;
import org.firstlight.dm.registration.Acquaintance;
import org.firstlight.dm.registration.Arrivals;
import org.firstlight.dm.registration.DeviceJournal;
import org.firstlight.dm.registration.Expiry;
import org.firstlight.dm.registration.KnownLinks;
import org.firstlight.dm.registration.OnboardingSteps;
import org.firstlight.dm.registration.Registering;
import org.firstlight.dm.registration.RegistrationResource;
import org.firstlight.dm.registration.Updating;
import org.firstlight.dm.transport.DmEndpoints;
import org.firstlight.dm.transport.HandshakeEvents;
import org.firstlight.dm.transport.OperationalCertificateVerifier;
import org.firstlight.dm.transport.OperationalPskStore;
import org.firstlight.dm.transport.Peers;
import org.firstlight.dm.transport.RawKeyHolders;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.fleet.state.Kinds;
import org.firstlight.fleet.state.RecordsView;
import org.firstlight.fleet.state.Stores;
import org.firstlight.fleet.trust.Manufacturer;
import org.firstlight.fleet.trust.Suspensions;
import org.firstlight.kit.coap.EstResource;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.dtls.DtlsServer;
import org.firstlight.kit.dtls.KeptSessions;
import org.firstlight.kit.dtls.SavedConnections;
import org.firstlight.kit.dtls.SessionResumption;
import org.firstlight.kit.dtls.Withdrawals;
import org.firstlight.kit.enrolment.SimpleReenroll;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.pki.UnreadableCertificateException;
import org.firstlight.kit.shutdown.Shutdown;
import org.firstlight.kit.subscription.ReceiptCheck;

/** The LwM2M Server: its parts, in the order in which a device meets them. */
public final class DmServer implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(5);
  private static final Duration DEVICE_PATIENCE = Duration.ofSeconds(30);

  /** How long a connection outlives the credential that opened it, for one request. */
  private static final Duration LAST_WORD = Duration.ofSeconds(5);

  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final Shutdown parts;
  private final DmEndpoints endpoints;
  private final Operations operations;
  private final Configurations configurations;
  private final Reach reach;
  private final Api api;

  private DmServer(
      Shutdown parts,
      DmEndpoints endpoints,
      Operations operations,
      Configurations configurations,
      Reach reach,
      Api api) {
    this.parts = parts;
    this.endpoints = endpoints;
    this.operations = operations;
    this.configurations = configurations;
    this.reach = reach;
    this.api = api;
  }

  /** Starts it; when this returns, it listens. State may be away: it is then waited for. */
  public static DmServer start(
      FirstlightConfig config,
      Pki pki,
      Stores stores,
      Metrics metrics,
      Health health,
      Clock clock) {
    Shutdown parts = new Shutdown(CLOSING);
    try {
      return assemble(config, pki, stores, metrics, health, clock, parts);
    } catch (RuntimeException fault) {
      parts.close();
      throw fault;
    }
  }

  private static DmServer assemble(
      FirstlightConfig config,
      Pki pki,
      Stores stores,
      Metrics metrics,
      Health health,
      Clock clock,
      Shutdown parts) {
    FleetState records = stores.records();
    ScheduledExecutorService timer =
        parts
            .closing(
                "dm-timer", new Stopping<>(Executors.newScheduledThreadPool(2, named("timer"))))
            .executor();
    ExecutorService work =
        parts
            .closing(
                "dm-work",
                new Stopping<>(
                    Executors.newFixedThreadPool(
                        Math.max(2, Runtime.getRuntime().availableProcessors()), named("work"))))
            .executor();

    // 6 transport: the operational CA's certificates, raw public keys and PSKs, nobody else
    RecordsView<Manufacturer, Suspensions> suspensions =
        new RecordsView<>(records, Kinds.MANUFACTURER, Suspensions::of);
    Withdrawals withdrawals = new Withdrawals(records, suspensions::current);
    Optional<KeptSessions> sessions =
        Optional.of(new KeptSessions(stores.sessions(), pki.keyEncryption()));
    RawKeyHolders rawKeys = new RawKeyHolders(records);
    DmEndpoints endpoints =
        parts.closing(
            "dm-endpoints",
            new DmEndpoints(
                config.dm(),
                new DtlsServer(
                    pki::dmServer,
                    new OperationalCertificateVerifier(
                        pki.operationalCa().certificate(), rawKeys, withdrawals, clock),
                    Optional.of(
                        new OperationalPskStore(records, withdrawals, pki.keyEncryption(), work)),
                    new SessionResumption(
                        sessions, Peers.judgedBy(withdrawals), Peers::endpointName),
                    sessions,
                    new HandshakeEvents(records, metrics, clock),
                    config.handshakes(),
                    config.nodeNumber()),
                new SavedConnections(
                    "dm",
                    config.node(),
                    config.dataDirectory().resolve("dtls"),
                    records,
                    pki.keyEncryption(),
                    clock),
                rawKeys));
    Contacts contacts = new Contacts();
    KnownLinks links = new KnownLinks();
    DeviceJournal journal = new DeviceJournal(records, clock);

    // 11 operation: everything below asks devices through this
    ObjectCatalogue catalogue = new ObjectCatalogue(records, clock);
    ConfigurationDocuments documents = new ConfigurationDocuments(records);
    DeviceModels models = new DeviceModels(catalogue);
    ConfiguredSecrets secrets = new ConfiguredSecrets(records, documents);
    DeviceValues values = new DeviceValues(stores.values(), secrets, clock);
    Observations observations = new Observations(records);
    Operations operations =
        new DeviceOperations(
            stores.registrations(),
            contacts,
            new Conversation(
                endpoints,
                new DeviceLink(endpoints, timer, DEVICE_PATIENCE),
                models,
                values,
                observations));

    // 8 connectivity: the eUICC's receipt
    SubscriptionWatch connectivity =
        new SubscriptionWatch(
            records,
            operations,
            new SubscriptionVerdict(
                records,
                journal,
                new ReceiptCheck(roots(config.custody().euiccRoots()), clock),
                clock),
            timer);
    // 9 configuration: what the owner wants, path by path
    DeviceConfigurations configurations =
        new DeviceConfigurations(
            records,
            stores.registrations(),
            contacts,
            documents,
            secrets,
            new PathApplication(operations, catalogue, pki.keyEncryption()),
            new ConfigurationOutcome(journal, clock),
            clock);
    // 10 observation: notify and send
    DeviceReports reports =
        new DeviceReports(
            contacts,
            stores.registrations(),
            links,
            models,
            values,
            observations,
            suspensions::current);
    endpoints.addNotificationListener(new NotificationReceiver(reports));

    // a certificate that is to be renewed
    RenewalWishes wishes = new RenewalWishes(records, clock);
    RenewalCall renewal = new RenewalCall(wishes, operations, contacts, links);

    // 7 registration, and what follows it
    Arrivals arrivals =
        new Arrivals(
            stores.registrations(),
            List.of(
                connectivity,
                configurations,
                new ObservingAgain(observations, operations),
                new FirstReading(operations),
                renewal));
    OnboardingSteps steps = new OnboardingSteps(records, stores.registrations(), journal, clock);
    Acquaintance acquaintance =
        new Acquaintance(records, stores.registrations(), contacts, links, clock);
    Registering registering =
        new Registering(
            records,
            stores.registrations(),
            journal,
            steps,
            contacts,
            links,
            arrivals,
            suspensions::current,
            clock,
            config.node());
    Updating updating =
        new Updating(
            stores.registrations(),
            acquaintance,
            steps,
            contacts,
            links,
            arrivals,
            suspensions::current,
            clock,
            config.node());
    endpoints.add(
        new RegistrationResource(registering, updating, metrics),
        new SendResource(reports, acquaintance, contacts, arrivals));
    SimpleReenroll reenroll =
        new SimpleReenroll(Peers::renewer, records, pki.operationalCa(), work, clock);
    RevocationListIssuing issuing =
        new RevocationListIssuing(
            records, stores.leases(), pki.operationalCa(), work, clock, config.node());
    RevocationListView revocationLists = new RevocationListView(records);
    endpoints.add(new RevocationListResource(revocationLists, clock));
    endpoints.addEst(() -> new EstResource(pki::authorities, Map.of("sren", reenroll)));

    // 13 the end of a Lifetime or of a package's time, and what happens elsewhere
    parts.closing(
        "dm-expiry",
        new Expiry(stores.registrations(), stores.leases(), steps, contacts, clock, config.node())
            .start(timer));
    new DueRenewals(records, stores.leases(), wishes, timer, clock, config.node()).start();
    new PackageExpiry(records, stores.leases(), clock, config.node()).start(timer);
    DeniedAuthorities denied =
        new DeniedAuthorities(records, stores.leases(), clock, config.node());
    FleetFollower follower =
        new FleetFollower(
            stores.registrations(),
            contacts,
            acquaintance,
            endpoints.eviction(work),
            new BootstrapTrigger(new DeviceLink(endpoints, timer, LAST_WORD), links),
            suspensions,
            denied,
            steps,
            arrivals,
            configurations,
            catalogue,
            issuing,
            renewal);
    parts.closing("dm-follower", follower.follow(stores.events()));
    AtomicLong setAside = new AtomicLong();
    health.note(
        "set-aside",
        () ->
            Optional.of(setAside.get())
                .filter(count -> count > 0)
                .map("%d records cannot be read: see GET /api/v1/set-aside"::formatted));
    Views.keepCurrent(
        timer,
        REFRESH,
        List.of(
            documents::refresh,
            follower::shutOutSuspended,
            denied::look,
            catalogue::refresh,
            () -> stores.setAside().count().thenAccept(setAside::set)));

    issuing.start(timer, revocationLists);

    endpoints.start();

    // what people and programs ask and tell
    Reach reach = new Reach(config, endpoints);
    Api api =
        parts.closing(
            "api",
            Api.start(
                new Api.Parts(
                    config,
                    pki,
                    stores,
                    operations,
                    configurations,
                    catalogue,
                    reach,
                    revocationLists,
                    metrics,
                    health,
                    clock)));
    return new DmServer(parts, endpoints, operations, configurations, reach, api);
  }

  public InetSocketAddress coapsAddress() {
    return endpoints.coapsAddress();
  }

  /** Plain coap on loopback, where it is switched on. */
  public Optional<InetSocketAddress> coapAddress() {
    return endpoints.coapAddress();
  }

  /** Where the API and the console are served, with the real port. */
  public URI httpAddress() {
    return api.uri();
  }

  /** Tells where the bootstrap server really listens, for clients that {@code connect} lets in. */
  public void bootstrapListensAt(
      InetSocketAddress coapsAddress, Optional<InetSocketAddress> coapAddress) {
    reach.bootstrapListensAt(coapsAddress, coapAddress);
  }

  public Operations operations() {
    return operations;
  }

  public Configurations configurations() {
    return configurations;
  }

  @Override
  public void close() {
    parts.close();
  }

  private static List<X509Certificate> roots(List<Path> files) {
    List<X509Certificate> roots = new ArrayList<>();
    for (Path file : files) {
      try {
        roots.addAll(Certificates.parse(Files.readAllBytes(file)));
      } catch (IOException | UnreadableCertificateException e) {
        throw new IllegalArgumentException(
            "custody.euiccRoots: %s: %s".formatted(file, e.getMessage()), e);
      }
    }
    return roots;
  }

  private static ThreadFactory named(String what) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "dm-%s-%d".formatted(what, count.incrementAndGet()));
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
