package org.firstlight.dm.api;

import io.javalin.config.RoutesConfig;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.firstlight.dm.access.DevicePasses;
import org.firstlight.dm.access.SignIn;
import org.firstlight.dm.access.Tokens;
import org.firstlight.dm.audit.Audit;
import org.firstlight.dm.audit.Concerns;
import org.firstlight.dm.certificate.CertificateRevocation;
import org.firstlight.dm.certificate.IssuedCertificates;
import org.firstlight.dm.certificate.RenewalWishes;
import org.firstlight.dm.certificate.RevocationListView;
import org.firstlight.dm.claim.Claims;
import org.firstlight.dm.claim.EndUserClaims;
import org.firstlight.dm.claim.Handover;
import org.firstlight.dm.configuration.Configurations;
import org.firstlight.dm.custody.Custody;
import org.firstlight.dm.inventory.AuthorityProofs;
import org.firstlight.dm.inventory.Connections;
import org.firstlight.dm.inventory.Devices;
import org.firstlight.dm.inventory.Documents;
import org.firstlight.dm.inventory.ObjectCatalogue;
import org.firstlight.dm.inventory.Withdrawal;
import org.firstlight.dm.oidc.OidcSignIn;
import org.firstlight.dm.oidc.OpenIdProvider;
import org.firstlight.dm.operation.Operations;
import org.firstlight.dm.shipment.Shipments;
import org.firstlight.dm.user.PasswordSignIn;
import org.firstlight.dm.user.Users;
import org.firstlight.fleet.state.BlockingState;
import org.firstlight.fleet.state.Stores;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.config.HttpConfig;
import org.firstlight.kit.health.Health;
import org.firstlight.kit.http.EventFeed;
import org.firstlight.kit.http.HealthRoutes;
import org.firstlight.kit.http.HttpServer;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.Pki;
import org.firstlight.kit.pki.UnreadableCertificateException;
import org.firstlight.kit.subscription.PackageCheck;

/** The HTTP API and the console, put together from the parts that they ask. */
public final class Api implements AutoCloseable {
  static final String PREFIX = "/api/v1";

  private static final long LARGEST_BODY = 101L * 1024 * 1024;
  private static final int MOST_FOLLOWERS = 200;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final HttpServer server;
  private final EventFeed feed;
  private final Shipments shipments;
  private final List<Route> table;

  private Api(HttpServer server, EventFeed feed, Shipments shipments, List<Route> table) {
    this.server = server;
    this.feed = feed;
    this.shipments = shipments;
    this.table = table;
  }

  /**
   * What the API needs from the process around it.
   *
   * @param catalogue refreshed by its owner
   * @param addresses asked at each use: ports may be taken after the API has started
   */
  public record Parts(
      FirstlightConfig config,
      Pki pki,
      Stores stores,
      Operations operations,
      Configurations configurations,
      ObjectCatalogue catalogue,
      Supplier<LwM2mAddresses> addresses,
      RevocationListView revocationLists,
      Metrics metrics,
      Health health,
      Clock clock) {}

  public static Api start(Parts parts) {
    EventFeed feed = new EventFeed(MOST_FOLLOWERS, HEARTBEAT);
    BlockingState state = new BlockingState(parts.stores().records());
    Tokens tokens = new Tokens(state, parts.clock());
    SignIn signIn = new SignIn(state, tokens, parts.clock());
    Audit audit = new Audit(parts.stores().records(), parts.clock());
    DevicePasses passes = new DevicePasses(parts.stores().records(), parts.clock());
    Gate gate =
        new Gate(
            signIn,
            passes,
            audit,
            new Concerns(state),
            new Cookies(isHttps(parts.config().http())));
    Shipments shipments =
        new Shipments(
            parts.stores().records(),
            audit,
            parts.config().dataDirectory().resolve("shipments"),
            parts.config().node(),
            parts.clock());
    List<Route> table = routes(parts, state, tokens, signIn, audit, feed, shipments).table();
    HttpServer server =
        HttpServer.on(parts.config().http())
            .maxBodyBytes(LARGEST_BODY)
            .console()
            .routes(routes -> HealthRoutes.add(routes, parts.health(), parts.metrics()))
            .routes(
                routes ->
                    routes.get(
                        "/openapi.yaml",
                        ctx -> ctx.contentType("application/yaml").result(description())))
            .routes(new RevocationListPage(parts.revocationLists(), parts.clock())::add)
            .routes(routes -> table.forEach(route -> add(routes, route, gate)))
            .start();
    shipments.start();
    return new Api(server, feed, shipments, table);
  }

  /** What clients that check a certificate's names may know both servers by. */
  private static Set<String> serverNames(FirstlightConfig config) {
    Set<String> names = new LinkedHashSet<>(config.bootstrap().names());
    names.retainAll(config.dm().names());
    return names;
  }

  private static Routes routes(
      Parts parts,
      BlockingState state,
      Tokens tokens,
      SignIn signIn,
      Audit audit,
      EventFeed feed,
      Shipments shipments) {
    Stores stores = parts.stores();
    Clock clock = parts.clock();
    Users users = new Users(state, tokens, clock);
    PasswordSignIn passwords = new PasswordSignIn(state, users, signIn, clock);
    SessionRoutes session =
        new SessionRoutes(
            state,
            signIn,
            passwords,
            tokens,
            audit,
            new Cookies(isHttps(parts.config().http())),
            clock);
    Withdrawal withdrawal = new Withdrawal(state, stores.values());
    Devices devices = new Devices(state, withdrawal, clock);
    Claims claims = new Claims(state, clock);
    Shelves shelves = new Shelves(state, new Documents(state, clock));
    AuthorityProofs proofs = new AuthorityProofs(state, clock);
    PackageCheck check = new PackageCheck(subscriptionRoots(parts.config()), clock);
    return new Routes(
        session,
        new OidcRoutes(
            provider(parts.config(), clock),
            new OidcSignIn(state, users, signIn, clock),
            session,
            clock),
        new AccountRoutes(state, tokens, passwords, session),
        new UserRoutes(users),
        new DeviceRoutes(stores, devices, new DeviceViews(stores), clock),
        new HoldingRoutes(stores, devices, parts.catalogue()),
        new CertificateRoutes(
            devices,
            new IssuedCertificates(stores.records(), clock),
            new CertificateRevocation(state, clock),
            new RenewalWishes(stores.records(), clock),
            clock),
        new OperationRoutes(devices, parts.operations(), parts.catalogue()),
        new ClaimRoutes(claims, new Handover(state, withdrawal, clock), devices),
        shelves.claimPages(),
        new ClaimPageRoutes(
            state,
            new EndUserClaims(claims, new DevicePasses(stores.records(), clock), clock),
            audit,
            isHttps(parts.config().http())),
        shelves.manufacturers(proofs),
        new ProofRoutes(proofs),
        new RevocationRoutes(state, clock),
        new ShipmentRoutes(shipments),
        shelves.tenants(tokens, users),
        new TokenRoutes(state, tokens),
        new PlanRoutes(
            devices,
            new PlanRoutes.Parts(
                stores.records(),
                parts.catalogue(),
                parts.pki().keyEncryption(),
                parts.addresses(),
                clock)),
        shelves.configurations(
            parts.catalogue(), parts.pki().keyEncryption(), parts.configurations()),
        new SubscriptionRoutes(new Custody(state, check, clock)),
        new ConnectionRoutes(
            new Connections(state, parts.pki(), clock),
            parts.addresses(),
            parts.pki().serverCa(),
            serverNames(parts.config())),
        new ModelRoutes(parts.catalogue()),
        new EventRoutes(stores.events(), feed, devices, signIn, clock),
        new AuditRoutes(audit),
        new SetAsideRoutes(stores.setAside()));
  }

  private static void add(RoutesConfig routes, Route route, Gate gate) {
    routes.addEndpoint(
        Endpoint.create(route.method(), PREFIX + route.path())
            .handler(ctx -> gate.pass(ctx, route)));
  }

  private static Optional<OidcRoutes.Provider> provider(FirstlightConfig config, Clock clock) {
    return config
        .oidc()
        .map(
            oidc -> {
              URI console = config.http().publicUrl().orElseThrow();
              return new OidcRoutes.Provider(
                  new OpenIdProvider(
                      oidc.issuer(),
                      oidc.clientId(),
                      secret(oidc.clientSecretFile()),
                      OidcRoutes.Provider.redirect(console),
                      clock),
                  oidc.name(),
                  console,
                  isHttps(config.http()));
            });
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "oidc.clientSecretFile: %s cannot be read".formatted(file), e);
    }
  }

  private static boolean isHttps(HttpConfig http) {
    // a proxy in front ends TLS
    return http.tls().isPresent()
        || http.trustedProxy()
        || http.publicUrl().filter(url -> "https".equals(url.getScheme())).isPresent();
  }

  private static List<X509Certificate> subscriptionRoots(FirstlightConfig config) {
    List<X509Certificate> roots = new ArrayList<>();
    for (Path file : config.custody().subscriptionRoots()) {
      try {
        roots.addAll(Certificates.parse(Files.readAllBytes(file)));
      } catch (IOException | UnreadableCertificateException e) {
        throw new IllegalArgumentException(
            "custody.subscriptionRoots: %s cannot be read: %s".formatted(file, e.getMessage()), e);
      }
    }
    return roots;
  }

  /** The API's own description, as text. */
  static String description() {
    try (InputStream in = Api.class.getResourceAsStream("/openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("openapi.yaml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Route> table() {
    return table;
  }

  /** Where it listens, with the real port. */
  public URI uri() {
    return server.uri();
  }

  public int port() {
    return server.port();
  }

  /** Ends the event streams first: they would hold the server up. */
  @Override
  public void close() {
    feed.close();
    server.close();
    shipments.close();
  }
}
