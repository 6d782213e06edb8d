package org.firstlight.dm.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.observe.NotificationListener;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.firstlight.kit.coap.AnswersGiven;
import org.firstlight.kit.coap.EstResource;
import org.firstlight.kit.config.DmConfig;
import org.firstlight.kit.dtls.DtlsServer;
import org.firstlight.kit.dtls.Eviction;
import org.firstlight.kit.dtls.SavedConnections;
import org.jspecify.annotations.Nullable;

/** The coaps endpoint and, where it is switched on, plain coap on loopback. */
public final class DmEndpoints implements AutoCloseable {
  /** An answer larger than this is cut off: a receipt or an Object read fits well within. */
  private static final int MAX_BODY_BYTES = 128 * 1024;

  private final CoapServer server;
  private final CoapEndpoint coaps;
  private final RestoringConnector connector;
  private final @Nullable CoapEndpoint coap;
  private final SavedConnections saved;
  private final RawKeyHolders rawKeys;

  /**
   * @param saved carries the connections over a clean restart
   * @param rawKeys names those among them that came with a raw public key
   */
  public DmEndpoints(
      DmConfig config, DtlsServer dtls, SavedConnections saved, RawKeyHolders rawKeys) {
    this.saved = saved;
    this.rawKeys = rawKeys;
    Configuration configuration = configuration(dtls);
    this.server = new CoapServer(configuration);
    this.connector =
        connector(configuration, dtls, new InetSocketAddress(config.host(), config.port()));
    this.coaps = coaps(configuration, connector);
    this.coap = coap(configuration, config.plainPort());
    server.addEndpoint(coaps);
    if (coap != null) {
      server.addEndpoint(coap);
    }
  }

  private static Configuration configuration(DtlsServer dtls) {
    Configuration configuration =
        new Configuration(
            CoapConfig.DEFINITIONS,
            SystemConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS);
    dtls.applyTo(configuration);
    int cores = Runtime.getRuntime().availableProcessors();
    configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, Math.max(2, cores));
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, MAX_BODY_BYTES);
    return configuration;
  }

  private static RestoringConnector connector(
      Configuration configuration, DtlsServer dtls, InetSocketAddress address) {
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration).setAddress(address);
    dtls.configure(builder);
    builder.setApplicationLevelInfoSupplier(Peers::info);
    return new RestoringConnector(builder.build());
  }

  private static CoapEndpoint coaps(Configuration configuration, DTLSConnector connector) {
    SamePeerMatcher matcher = new SamePeerMatcher();
    return AnswersGiven.endpoint(
        "coaps",
        configuration,
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setConnector(connector)
            .setEndpointContextMatcher(matcher)
            .setCoapStackFactory(StoreFirstStack.FACTORY),
        matcher::getEndpointIdentity);
  }

  private static @Nullable CoapEndpoint coap(Configuration configuration, OptionalInt port) {
    return port.isEmpty()
        ? null
        : AnswersGiven.endpoint(
            "coap",
            configuration,
            new CoapEndpoint.Builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port.getAsInt()))
                .setCoapStackFactory(StoreFirstStack.FACTORY),
            EndpointContext::getPeerAddress);
  }

  public void add(Resource... resources) {
    server.add(resources);
  }

  /** At both of its roots. */
  public void addEst(Supplier<EstResource> est) {
    EstResource.addTo(server.getRoot(), est);
  }

  /** The listener gets every notification of an observation that was asked for through here. */
  public void addNotificationListener(NotificationListener listener) {
    coaps.addNotificationListener(listener);
    if (coap != null) {
      coap.addNotificationListener(listener);
    }
  }

  /**
   * Sends to the device that was heard from there, if it is still the same one; never begins a
   * handshake. The request's observers learn what comes of it.
   */
  public void send(Request request, Peer peer, InetSocketAddress heardFrom) {
    if (peer instanceof Peer.Unsecured && coap != null) {
      request.setDestinationContext(new AddressEndpointContext(heardFrom));
      coap.sendRequest(request);
      return;
    }
    request.setDestinationContext(
        new MapBasedEndpointContext(
            heardFrom,
            new SamePeerMatcher.Destination(peer),
            new MapBasedEndpointContext.Attributes()
                .add(
                    DtlsEndpointContext.KEY_HANDSHAKE_MODE,
                    DtlsEndpointContext.HANDSHAKE_MODE_NONE)));
    coaps.sendRequest(request);
  }

  /** Forgets an observation: its next notification is answered by a reset. */
  public void cancelObservation(Token token, Peer peer) {
    (peer instanceof Peer.Unsecured && coap != null ? coap : coaps).cancelObservation(token);
  }

  /** What ends the live connections of devices that may no longer come. */
  public Eviction eviction(Executor executor) {
    return new Eviction(connector, Peers::endpointName, executor);
  }

  public void start() {
    saved.takeInto(connector);
    connector.nameRawKeys(rawKeys);
    server.start();
  }

  public InetSocketAddress coapsAddress() {
    return coaps.getAddress();
  }

  public Optional<InetSocketAddress> coapAddress() {
    return Optional.ofNullable(coap).map(CoapEndpoint::getAddress);
  }

  @Override
  public void close() {
    server.stop();
    saved.save(connector);
    server.destroy();
  }
}
