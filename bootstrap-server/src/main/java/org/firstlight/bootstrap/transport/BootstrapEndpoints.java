package org.firstlight.bootstrap.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.StrictDtlsEndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.dtls.resumption.ResumptionVerifier;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.firstlight.fleet.device.EndpointName;
import org.firstlight.fleet.state.FleetState;
import org.firstlight.kit.coap.AnswersGiven;
import org.firstlight.kit.coap.EstResource;
import org.firstlight.kit.config.FirstlightConfig;
import org.firstlight.kit.dtls.DtlsServer;
import org.firstlight.kit.dtls.Eviction;
import org.firstlight.kit.dtls.SavedConnections;
import org.firstlight.kit.metrics.Metrics;
import org.firstlight.kit.pki.ServerCredential;

/** The bootstrap server's CoAP side: coaps, and where the setting asks for it coap on loopback. */
public final class BootstrapEndpoints implements AutoCloseable {
  private static final int LARGEST_BODY = 64 * 1024;

  /** Who may come in over DTLS. */
  public record Trust(
      Supplier<ServerCredential> credential,
      NewAdvancedCertificateVerifier verifier,
      AdvancedPskStore pskStore,
      ResumptionVerifier resumption) {}

  private final CoapServer server;
  private final CoapEndpoint coaps;
  private final Optional<CoapEndpoint> coap;
  private final DTLSConnector connector;
  private final SavedConnections saved;

  private BootstrapEndpoints(
      CoapServer server,
      CoapEndpoint coaps,
      Optional<CoapEndpoint> coap,
      DTLSConnector connector,
      SavedConnections saved) {
    this.server = server;
    this.coaps = coaps;
    this.coap = coap;
    this.connector = connector;
    this.saved = saved;
  }

  /** Listens, and gives each Bootstrap-Request to the handler. */
  public static BootstrapEndpoints start(
      FirstlightConfig config, Trust trust, BootstrapHandler handler, Listening listening) {
    Handshakes handshakes =
        new Handshakes(listening.records(), listening.metrics(), listening.clock());
    Configuration configuration = configuration();
    DtlsServer dtls =
        new DtlsServer(
            trust.credential(),
            trust.verifier(),
            Optional.of(trust.pskStore()),
            trust.resumption(),
            Optional.empty(), // who has bootstrapped goes
            handshakes,
            config.handshakes(),
            config.nodeNumber());
    dtls.applyTo(configuration);
    DTLSConnector connector =
        connector(
            dtls,
            configuration,
            new InetSocketAddress(config.bootstrap().host(), config.bootstrap().port()));
    CoapEndpoint coaps = coaps(configuration, connector);
    Optional<CoapEndpoint> coap =
        config.bootstrap().plainPort().isPresent()
            ? Optional.of(coap(configuration, config.bootstrap().plainPort().getAsInt()))
            : Optional.empty();
    CoapServer server = new CoapServer(configuration);
    server.addEndpoint(coaps);
    coap.ifPresent(server::addEndpoint);
    // GET /bspack gets the 4.04 of a path that is not there, at once: clients then go on with /bs
    server.add(new BootstrapResource(handler, handshakes::took, listening.timer()));
    EstResource.addTo(server.getRoot(), listening.est());
    listening.saved().takeInto(connector);
    server.start();
    return new BootstrapEndpoints(server, coaps, coap, connector, listening.saved());
  }

  /**
   * What listening needs besides trust.
   *
   * @param timer for time limits; it runs nothing long
   * @param est a new resource each time
   * @param saved carries the connections over a clean restart
   */
  public record Listening(
      FleetState records,
      Metrics metrics,
      Clock clock,
      ScheduledExecutorService timer,
      Supplier<EstResource> est,
      SavedConnections saved) {}

  private static Configuration configuration() {
    CoapConfig.register();
    UdpConfig.register();
    SystemConfig.register();
    DtlsConfig.register();
    Configuration configuration =
        new Configuration(
            CoapConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS,
            SystemConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS);
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, LARGEST_BODY);
    configuration.set(CoapConfig.PREFERRED_BLOCK_SIZE, 1024);
    configuration.set(CoapConfig.MAX_MESSAGE_SIZE, 1024);
    // the session cuts its own blocks and takes the device's word on their size itself
    configuration.set(CoapConfig.BLOCKWISE_ENTITY_TOO_LARGE_AUTO_FAILOVER, false);
    configuration.set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, 2, TimeUnit.MINUTES);
    return configuration;
  }

  private static DTLSConnector connector(
      DtlsServer dtls, Configuration configuration, InetSocketAddress address) {
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration).setAddress(address);
    dtls.configure(builder);
    return new DTLSConnector(builder.build());
  }

  private static CoapEndpoint coaps(Configuration configuration, DTLSConnector connector) {
    return AnswersGiven.endpoint(
        "coaps",
        configuration,
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setConnector(connector)
            .setEndpointContextMatcher(new StrictDtlsEndpointContextMatcher())
            .setCoapStackFactory(PlanBlocks.stack()),
        EndpointContext::getPeerAddress);
  }

  private static CoapEndpoint coap(Configuration configuration, int port) {
    return AnswersGiven.endpoint(
        "coap",
        configuration,
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .setCoapStackFactory(PlanBlocks.stack()),
        EndpointContext::getPeerAddress);
  }

  /**
   * What ends the live connections of devices that may no longer come.
   *
   * @param names the endpoint that a connection's peer proved
   */
  public Eviction eviction(Function<Principal, Optional<EndpointName>> names, Executor executor) {
    return new Eviction(connector, names, executor);
  }

  public InetSocketAddress coapsAddress() {
    return coaps.getAddress();
  }

  public Optional<InetSocketAddress> coapAddress() {
    return coap.map(CoapEndpoint::getAddress);
  }

  @Override
  public void close() {
    server.stop();
    saved.save(connector);
    server.destroy();
  }
}
