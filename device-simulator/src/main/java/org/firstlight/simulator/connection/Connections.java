package org.firstlight.simulator.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.config.CoapConfig.TrackerMode;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Endpoint;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.PrincipalEndpointContextMatcher;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.eclipse.leshan.client.californium.endpoint.ClientCoapMessageTranslator;
import org.eclipse.leshan.client.californium.endpoint.ServerIdentityExtractor;
import org.eclipse.leshan.client.endpoint.ClientEndpointToolbox;
import org.eclipse.leshan.client.notification.DefaultNotificationStrategy;
import org.eclipse.leshan.client.notification.NotificationDataStore;
import org.eclipse.leshan.client.notification.NotificationManager;
import org.eclipse.leshan.client.request.DownlinkRequestReceiver;
import org.eclipse.leshan.client.resource.LwM2mObjectTree;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.californium.identity.IdentityHandler;
import org.eclipse.leshan.core.californium.identity.IdentityHandlerProvider;
import org.eclipse.leshan.core.link.DefaultLinkSerializer;
import org.eclipse.leshan.core.link.lwm2m.attributes.DefaultLwM2mAttributeParser;
import org.eclipse.leshan.core.peer.IpPeer;
import org.eclipse.leshan.core.peer.LwM2mPeer;
import org.firstlight.simulator.euicc.Euicc;
import org.firstlight.simulator.objects.DeviceTree;
import org.firstlight.simulator.objects.LwM2mRelease;

/**
 * All of a device's connections over one object tree. Each account has an endpoint of its own, so
 * the endpoint a request came in by says which server sent it.
 */
public final class Connections implements AutoCloseable {
  /** Room for a package of 128 kB written as TLV. */
  private static final int MAX_BODY = Euicc.MAX_PACKAGE + 1024;

  private static final List<CipherSuite> WITH_CERTIFICATE =
      List.of(
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
  private static final List<CipherSuite> WITH_PSK =
      List.of(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8, CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256);

  private final Configuration configuration;
  private final HandshakeWatch watch;
  private final ScheduledExecutorService threads;
  private final IdentityHandlerProvider identities = new IdentityHandlerProvider();
  private final Map<Endpoint, LwM2mServer> servers = new ConcurrentHashMap<>();
  private final CoapServer coap;

  /**
   * @param receiver takes what the servers ask
   * @param threads shared by all devices of the process; not closed here
   */
  public Connections(
      DeviceTree tree,
      LwM2mRelease release,
      DownlinkRequestReceiver receiver,
      Timing timing,
      ScheduledExecutorService threads,
      HandshakeWatch watch) {
    this.watch = watch;
    this.threads = threads;
    configuration = configuration(timing);
    LwM2mObjectTree objects = tree.leshan();
    ClientEndpointToolbox toolbox =
        new ClientEndpointToolbox(
            release.decoder(),
            release.encoder(),
            new DefaultLinkSerializer(),
            objects.getModel(),
            new DefaultLwM2mAttributeParser());
    NotificationManager notifications =
        new NotificationManager(
            objects,
            receiver,
            new NotificationDataStore(),
            new DefaultNotificationStrategy(),
            threads);
    ServerIdentityExtractor whoAsks =
        (exchange, peer) ->
            exchange.getEndpoint() == null ? null : servers.get(exchange.getEndpoint());
    ClientCoapMessageTranslator resources = new ClientCoapMessageTranslator();
    coap =
        new CoapServer(configuration) {
          @Override
          protected Resource createRoot() {
            return resources.createRootResource(
                this, identities, whoAsks, receiver, toolbox, objects);
          }
        };
    resources
        .createResources(coap, identities, whoAsks, receiver, notifications, toolbox, objects)
        .forEach(coap::add);
    coap.setExecutors(threads, threads, true); // they outlive this device
  }

  /**
   * Opens an endpoint for this account; the handshake waits for the first request.
   *
   * @throws IOException if the host is unknown or no port is free
   */
  public ServerConnection open(ServerAccount account) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getByName(account.host()), account.port());
    DTLSConnector connector = new DTLSConnector(dtls(account));
    connector.setExecutor(threads);
    CoapEndpoint endpoint =
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setConnector(connector)
            .setEndpointContextMatcher(new AnyPrincipal())
            .build();
    LwM2mServer server =
        account.isBootstrap()
            ? new LwM2mServer(new IpPeer(address), account.uri())
            : new LwM2mServer(new IpPeer(address), (long) account.shortServerId(), account.uri());
    identities.addIdentityHandler(endpoint, new EndpointSays());
    servers.put(endpoint, server);
    coap.addEndpoint(endpoint);
    endpoint.start();
    return new ServerConnection(account, endpoint, address, () -> forget(endpoint));
  }

  private void forget(CoapEndpoint endpoint) {
    servers.remove(endpoint);
    coap.getEndpoints().remove(endpoint);
  }

  private DtlsConnectorConfig dtls(ServerAccount account) {
    DtlsConnectorConfig.Builder dtls =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(new InetSocketAddress(0))
            .setSessionListener(new HandshakeTimer(account, watch));
    if (account.credential() instanceof ServerAccount.Psk psk) {
      dtls.set(DtlsConfig.DTLS_CIPHER_SUITES, WITH_PSK)
          .setAdvancedPskStore(new AdvancedSinglePskStore(psk.identity(), psk.key()));
    } else if (account.credential() instanceof ServerAccount.Certificate certificate) {
      dtls.set(DtlsConfig.DTLS_CIPHER_SUITES, WITH_CERTIFICATE)
          .set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, true)
          .setCertificateIdentityProvider(
              new SingleCertificateProvider(
                  certificate.key(),
                  certificate.chain().toArray(Certificate[]::new),
                  CertificateType.X_509))
          .setAdvancedCertificateVerifier(
              new ServerTrust(
                  certificate.usage(),
                  certificate.serverTrust(),
                  certificate.trustStore(),
                  account.host()));
    } else if (account.credential() instanceof ServerAccount.RawPublicKey raw) {
      dtls.set(DtlsConfig.DTLS_CIPHER_SUITES, WITH_CERTIFICATE)
          .setCertificateIdentityProvider(new SingleCertificateProvider(raw.key(), raw.publicKey()))
          .setAdvancedCertificateVerifier(
              StaticNewAdvancedCertificateVerifier.builder()
                  .setTrustedRPKs(new RawPublicKeyIdentity(raw.serverKey()))
                  .build());
    }
    return dtls.build();
  }

  private static Configuration configuration(Timing timing) {
    Configuration configuration =
        new Configuration(
            SystemConfig.DEFINITIONS,
            CoapConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS);
    long ackTimeout = timing.ackTimeout().toMillis();
    configuration
        .set(CoapConfig.MID_TRACKER, TrackerMode.NULL)
        .set(CoapConfig.MAX_ACTIVE_PEERS, 10)
        .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1)
        .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, MAX_BODY)
        .set(CoapConfig.ACK_TIMEOUT, ackTimeout, TimeUnit.MILLISECONDS)
        .set(CoapConfig.MAX_RETRANSMIT, timing.retransmissions())
        .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
        .set(DtlsConfig.DTLS_MAX_CONNECTIONS, 10)
        .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0)
        .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, (int) ackTimeout, TimeUnit.MILLISECONDS)
        .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, timing.retransmissions());
    // ServerTrust checks the name, against the subject alternative names alone
    configuration.setTransient(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT);
    return configuration;
  }

  @Override
  public void close() {
    coap.destroy();
  }

  /** An endpoint speaks with one server only: its handshake has proven who that is. */
  private static final class AnyPrincipal extends PrincipalEndpointContextMatcher {
    @Override
    protected boolean matchPrincipals(Principal requested, Principal available) {
      return true;
    }
  }

  /** Leshan asks for an identity per message; here the endpoint has it already. */
  private static final class EndpointSays implements IdentityHandler {
    @Override
    public LwM2mPeer getIdentity(Message received) {
      return new IpPeer(received.getSourceContext().getPeerAddress());
    }

    @Override
    public EndpointContext createEndpointContext(LwM2mPeer peer, boolean allowed) {
      throw new UnsupportedOperationException("requests are addressed by ServerConnection");
    }
  }
}
