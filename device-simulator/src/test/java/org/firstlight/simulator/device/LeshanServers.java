package org.firstlight.simulator.device;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mNode;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.observation.CompositeObservation;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.observation.SingleObservation;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.core.request.BootstrapDeleteRequest;
import org.eclipse.leshan.core.request.BootstrapDownlinkRequest;
import org.eclipse.leshan.core.request.BootstrapWriteRequest;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.response.LwM2mResponse;
import org.eclipse.leshan.core.response.ObserveCompositeResponse;
import org.eclipse.leshan.core.response.ObserveResponse;
import org.eclipse.leshan.core.util.datatype.ULong;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.bootstrap.BootstrapTaskProvider;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServer;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServerBuilder;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.CaliforniumBootstrapServerEndpointsProvider;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.coaps.CoapsBootstrapServerProtocolProvider;
import org.eclipse.leshan.server.californium.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.server.californium.endpoint.coaps.CoapsServerProtocolProvider;
import org.eclipse.leshan.server.model.StaticModelProvider;
import org.eclipse.leshan.server.observation.ObservationListener;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.security.Authorization;
import org.eclipse.leshan.server.security.BootstrapSecurityStore;
import org.eclipse.leshan.server.security.InMemorySecurityStore;
import org.eclipse.leshan.server.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.server.security.SecurityInfo;
import org.firstlight.simulator.factory.Authority;
import org.firstlight.simulator.factory.Leaf;
import org.firstlight.simulator.objects.LwM2mRelease;
import org.jspecify.annotations.Nullable;

/**
 * Leshan's Bootstrap-Server and DM servers on free ports, as an independent peer for the device.
 */
final class LeshanServers implements AutoCloseable {
  private static final StaticModel MODELS = new StaticModel(LwM2mRelease.V1_1.models().values());

  final Authority serverCa = Authority.create("Server CA", Clock.systemUTC().instant());
  final Authority operationalCa = Authority.create("Operational CA", Clock.systemUTC().instant());
  final List<InetSocketAddress> bootstrapPeers = new CopyOnWriteArrayList<>();
  final List<Instant> bootstrapRequests = new CopyOnWriteArrayList<>();

  /** How many of the next Bootstrap-Requests get 5.03. */
  final AtomicInteger unavailable = new AtomicInteger();

  volatile Duration maxAge = Duration.ofSeconds(1);

  /** What the next session sends. */
  volatile List<BootstrapDownlinkRequest<? extends LwM2mResponse>> plan = List.of();

  private final LeshanBootstrapServer bootstrap;
  private final InMemorySecurityStore security = new InMemorySecurityStore();
  private final List<LeshanServer> dmServers = new ArrayList<>();
  private final URI bootstrapUri;

  /**
   * @param manufacturer whose devices the Bootstrap-Server lets in
   */
  LeshanServers(X509Certificate manufacturer) {
    KeyPair pair = Authority.newKeyPair();
    CaliforniumBootstrapServerEndpointsProvider provider =
        new CaliforniumBootstrapServerEndpointsProvider.Builder(
                new CoapsBootstrapServerProtocolProvider())
            .setConfiguration(
                configuration -> configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 1024 * 1024))
            .addEndpoint("coaps://127.0.0.1:0")
            .build();
    bootstrap =
        new LeshanBootstrapServerBuilder()
            .setEndpointsProviders(provider)
            .setPrivateKey(pair.getPrivate())
            .setCertificateChain(new X509Certificate[] {serverCertificate(pair)})
            .setTrustedCertificates(new X509Certificate[] {manufacturer})
            .setSecurityStore(new NoStore())
            .setAuthorizer((request, peer) -> Authorization.approved())
            .setObjectModelProvider((session, supported) -> MODELS)
            .setTaskProvider(
                (session, previous) -> {
                  BootstrapTaskProvider.Tasks tasks = new BootstrapTaskProvider.Tasks();
                  tasks.requestsToSend = new ArrayList<>(plan);
                  tasks.supportedObjects = Map.of();
                  return tasks;
                })
            .build();
    replaceBs(provider.getCoapServer());
    bootstrap.start();
    bootstrapUri =
        URI.create("coaps://localhost:" + provider.getEndpoints().get(0).getURI().getPort());
  }

  /** Counts Bootstrap-Requests, and answers some with 5.03; the others are Leshan's. */
  private void replaceBs(CoapServer coap) {
    Resource leshans = coap.getRoot().getChild("bs");
    coap.getRoot().delete(leshans);
    coap.add(
        new CoapResource("bs") {
          @Override
          public void handleRequest(Exchange exchange) {
            bootstrapRequests.add(Instant.now());
            bootstrapPeers.add(exchange.getRequest().getSourceContext().getPeerAddress());
            if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
              Response response = new Response(ResponseCode.SERVICE_UNAVAILABLE);
              response.getOptions().setMaxAge(maxAge.toSeconds());
              exchange.sendResponse(response);
            } else {
              leshans.handleRequest(exchange);
            }
          }
        });
  }

  URI bootstrapUri() {
    return bootstrapUri;
  }

  /** Another DM server; its index is the order of these calls. */
  int addDmServer() {
    KeyPair pair = Authority.newKeyPair();
    CaliforniumServerEndpointsProvider provider =
        new CaliforniumServerEndpointsProvider.Builder(new CoapsServerProtocolProvider())
            .addEndpoint("coaps://127.0.0.1:0")
            .build();
    LeshanServer server =
        new LeshanServerBuilder()
            .setEndpointsProviders(provider)
            .setPrivateKey(pair.getPrivate())
            .setCertificateChain(new X509Certificate[] {serverCertificate(pair)})
            .setTrustedCertificates(new X509Certificate[] {operationalCa.certificate()})
            .setSecurityStore(security)
            .setObjectModelProvider(
                new StaticModelProvider(List.copyOf(LwM2mRelease.V1_1.models().values())))
            .build();
    server.start();
    dmServers.add(server);
    return dmServers.size() - 1;
  }

  LeshanServer dm(int index) {
    return dmServers.get(index);
  }

  void onNotify(int index, Consumer<ObserveResponse> listener) {
    dm(index)
        .getObservationService()
        .addListener(
            new ObservationListener() {
              @Override
              public void onResponse(
                  SingleObservation observation, Registration registration, ObserveResponse value) {
                listener.accept(value);
              }

              @Override
              public void onResponse(
                  CompositeObservation observation,
                  Registration registration,
                  ObserveCompositeResponse values) {}

              @Override
              public void onError(
                  Observation observation, Registration registration, Exception error) {}

              @Override
              public void newObservation(Observation observation, Registration registration) {}

              @Override
              public void cancelled(Observation observation) {}
            });
  }

  private URI dmUri(int index) {
    return URI.create("coaps://localhost:" + dm(index).getEndpoints().get(0).getURI().getPort());
  }

  Optional<Registration> registration(int index, String endpointName) {
    return Optional.ofNullable(dm(index).getRegistrationService().getByEndpoint(endpointName));
  }

  private X509Certificate serverCertificate(KeyPair pair) {
    return serverCa.issue(
        pair.getPublic(),
        new Leaf(
                new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, "server").build(),
                Instant.now().minusSeconds(60),
                Instant.now().plusSeconds(3600))
            .with(new GeneralName(GeneralName.dNSName, "localhost")));
  }

  /** An account at that server with a new operational certificate. */
  List<BootstrapDownlinkRequest<? extends LwM2mResponse>> account(int index, String endpointName) {
    KeyPair pair = Authority.newKeyPair();
    X509Certificate certificate =
        operationalCa.issue(
            pair.getPublic(),
            new Leaf(
                    new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, endpointName).build(),
                    Instant.now().minusSeconds(60),
                    Instant.now().plusSeconds(3600))
                .with(new GeneralName(GeneralName.uniformResourceIdentifier, endpointName)));
    trust(SecurityInfo.newX509CertInfo(endpointName));
    try {
      return accountWrites(
          index,
          2,
          certificate.getEncoded(),
          serverCa.certificate().getEncoded(),
          pair.getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  List<BootstrapDownlinkRequest<? extends LwM2mResponse>> pskAccount(
      int index, String endpointName, String identity, byte[] key) {
    trust(SecurityInfo.newPreSharedKeyInfo(endpointName, identity, key));
    return accountWrites(index, 0, identity.getBytes(StandardCharsets.UTF_8), new byte[0], key);
  }

  private void trust(SecurityInfo info) {
    try {
      security.add(info);
    } catch (NonUniqueSecurityInfoException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<BootstrapDownlinkRequest<? extends LwM2mResponse>> accountWrites(
      int index, long mode, byte[] identity, byte[] trust, byte[] secret) {
    int shortServerId = shortServerId(index);
    Map<Integer, LwM2mResource> account = new TreeMap<>();
    account.put(0, LwM2mSingleResource.newStringResource(0, dmUri(index).toString()));
    account.put(1, LwM2mSingleResource.newBooleanResource(1, false));
    account.put(2, LwM2mSingleResource.newIntegerResource(2, mode));
    account.put(3, LwM2mSingleResource.newBinaryResource(3, identity));
    if (trust.length > 0) {
      account.put(4, LwM2mSingleResource.newBinaryResource(4, trust));
      account.put(15, LwM2mSingleResource.newUnsignedIntegerResource(15, ULong.valueOf(2)));
    }
    account.put(5, LwM2mSingleResource.newBinaryResource(5, secret));
    account.put(10, LwM2mSingleResource.newIntegerResource(10, shortServerId));
    return List.of(
        write("/0/" + (1 + index), new LwM2mObjectInstance(1 + index, account.values())),
        write(
            "/1/" + index,
            new LwM2mObjectInstance(
                index,
                LwM2mSingleResource.newIntegerResource(0, shortServerId),
                LwM2mSingleResource.newIntegerResource(1, 300),
                LwM2mSingleResource.newBooleanResource(6, true),
                LwM2mSingleResource.newStringResource(7, "U"))));
  }

  static int shortServerId(int index) {
    return 101 + index;
  }

  static List<BootstrapDownlinkRequest<? extends LwM2mResponse>> deletes() {
    return List.of(new BootstrapDeleteRequest("/0"), new BootstrapDeleteRequest("/1"));
  }

  static BootstrapWriteRequest write(String path, LwM2mNode node) {
    return new BootstrapWriteRequest(new LwM2mPath(path), node, ContentFormat.TLV);
  }

  static BootstrapWriteRequest writeOpaque(String path, byte[] bytes) {
    LwM2mPath at = new LwM2mPath(path);
    return new BootstrapWriteRequest(
        at, LwM2mSingleResource.newBinaryResource(at.getResourceId(), bytes), ContentFormat.OPAQUE);
  }

  @Override
  public void close() {
    bootstrap.destroy();
    dmServers.forEach(LeshanServer::destroy);
  }

  /** Certificates say who a device is; there is nothing to look up. */
  private static final class NoStore implements BootstrapSecurityStore {
    @Override
    public Iterator<SecurityInfo> getAllByEndpoint(String endpoint) {
      return Collections.emptyIterator();
    }

    @Override
    public @Nullable SecurityInfo getByIdentity(String pskIdentity) {
      return null;
    }

    @Override
    public @Nullable SecurityInfo getByOscoreIdentity(OscoreIdentity identity) {
      return null;
    }
  }
}
