package org.firstlight.bootstrap.main;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.jspecify.annotations.Nullable;

/**
 * A device's CoAP side: sends a Bootstrap-Request, takes what comes down on the same connection,
 * and answers as it is told to.
 */
final class TestDevice implements AutoCloseable {
  /** Method and path, as "PUT /0/1". */
  record Call(String what, byte[] payload) {}

  static final String ALL_OBJECTS =
      "</>;lwm2m=1.1,</0/0>;uri=\"coaps://x\",</1>,</2>,</3/0>,</10/0>,</11>,</13/0>,</505/0>";

  private final CoapServer server;
  private final CoapEndpoint endpoint;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Function<Call, ResponseCode>> answers = new ConcurrentHashMap<>();
  private volatile String discover = ALL_OBJECTS;

  private TestDevice(CoapEndpoint endpoint) {
    this.endpoint = endpoint;
    this.server = new CoapServer(endpoint.getConfig());
    server.addEndpoint(endpoint);
    server.setMessageDeliverer(new Deliverer());
    server.start();
  }

  static TestDevice withCertificate(
      PrivateKey key, List<X509Certificate> chain, X509Certificate serverCa) {
    DtlsConnectorConfig.Builder dtls = dtls();
    dtls.setAdvancedCertificateVerifier(
        StaticNewAdvancedCertificateVerifier.builder().setTrustedCertificates(serverCa).build());
    dtls.setCertificateIdentityProvider(
        new SingleCertificateProvider(
            key, chain.toArray(new X509Certificate[0]), CertificateType.X_509));
    return over(dtls);
  }

  /** Sends these certificates as they are, and checks nothing of its own. */
  static TestDevice showing(PrivateKey key, List<byte[]> chain) {
    DtlsConnectorConfig.Builder dtls = dtls();
    dtls.setAdvancedCertificateVerifier(
        StaticNewAdvancedCertificateVerifier.builder().setTrustAllCertificates().build());
    dtls.setCertificateIdentityProvider(
        chain.isEmpty()
            ? new NothingToShow()
            : new SingleCertificateProvider(key, AsSent.chain(chain), CertificateType.X_509)
                .setVerifyKeyPair(false));
    return over(dtls);
  }

  /** Offers no certificate, and trusts any server's key. */
  static TestDevice withRawKey(PrivateKey key, PublicKey publicKey) {
    DtlsConnectorConfig.Builder dtls = dtls();
    dtls.setAdvancedCertificateVerifier(
        StaticNewAdvancedCertificateVerifier.builder()
            .setTrustAllCertificates()
            .setTrustAllRPKs()
            .build());
    dtls.setCertificateIdentityProvider(new SingleCertificateProvider(key, publicKey));
    return over(dtls);
  }

  static TestDevice withPsk(String identity, byte[] key) {
    DtlsConnectorConfig.Builder dtls = dtls();
    dtls.setAdvancedPskStore(new AdvancedSinglePskStore(identity, key));
    return over(dtls);
  }

  static TestDevice plain() {
    return new TestDevice(
        CoapEndpoint.builder()
            .setConfiguration(configuration())
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build());
  }

  private static DtlsConnectorConfig.Builder dtls() {
    // an operational certificate is for clients alone
    Configuration configuration = configuration();
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
    return DtlsConnectorConfig.builder(configuration)
        .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static TestDevice over(DtlsConnectorConfig.Builder dtls) {
    Configuration configuration = configuration();
    return new TestDevice(
        CoapEndpoint.builder()
            .setConfiguration(configuration)
            .setConnector(new DTLSConnector(dtls.build()))
            .build());
  }

  private static Configuration configuration() {
    Configuration configuration =
        new Configuration(
            CoapConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS,
            SystemConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS);
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, 200_000);
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, false);
    return configuration;
  }

  /** Answers these calls so, in place of the usual way. */
  TestDevice answering(String what, ResponseCode code) {
    return answering(what, call -> code);
  }

  TestDevice answering(String what, Function<Call, ResponseCode> answer) {
    answers.put(what, answer);
    return this;
  }

  TestDevice discovered(String links) {
    discover = links;
    return this;
  }

  /** Where it sends from. */
  InetSocketAddress address() {
    return endpoint.getAddress();
  }

  /** The id of its DTLS session; another one after a whole handshake. */
  String sessionId(InetSocketAddress server) {
    DTLSConnector connector = (DTLSConnector) endpoint.getConnector();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort());
    return connector.getSessionByAddress(address).getSessionIdentifier().getAsString();
  }

  /** Its next request begins with an abbreviated handshake, as of a device that was asleep. */
  void resumesItsSession(InetSocketAddress server) {
    ((DTLSConnector) endpoint.getConnector())
        .forceResumeSessionFor(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
  }

  /** Sends a Bootstrap-Request; empty when there is no answer in time, as when DTLS fails. */
  Optional<Response> bootstrap(InetSocketAddress server, String query, Duration patience)
      throws InterruptedException {
    return send(Request.newPost(), server, "bs?" + query, patience);
  }

  Optional<Response> get(InetSocketAddress server, String path, Duration patience)
      throws InterruptedException {
    return send(Request.newGet(), server, path, patience);
  }

  /** As a device that enrols does it. */
  Optional<Response> post(
      InetSocketAddress server, String path, int format, byte[] payload, Duration patience)
      throws InterruptedException {
    Request request = Request.newPost();
    if (format >= 0) {
      request.getOptions().setContentFormat(format);
    }
    request.setPayload(payload);
    return send(request, server, path, patience);
  }

  Optional<Response> send(Request request, InetSocketAddress server, String rest, Duration patience)
      throws InterruptedException {
    String scheme = endpoint.getUri().getScheme();
    request.setURI("%s://127.0.0.1:%d/%s".formatted(scheme, server.getPort(), rest));
    endpoint.sendRequest(request);
    @Nullable Response response = request.waitForResponse(patience.toMillis());
    return Optional.ofNullable(response);
  }

  /** Every call so far, in order, without those of one write's blocks. */
  List<String> calls() {
    return calls.stream().map(Call::what).toList();
  }

  /** The newest payload of each call. */
  Map<String, byte[]> payloads() {
    Map<String, byte[]> payloads = new LinkedHashMap<>();
    new ArrayList<>(calls).forEach(call -> payloads.put(call.what(), call.payload()));
    return payloads;
  }

  private final class Deliverer implements MessageDeliverer {
    @Override
    public void deliverRequest(Exchange exchange) {
      Request request = exchange.getRequest();
      Call call =
          new Call(
              request.getCode() + " /" + request.getOptions().getUriPathString(),
              request.getPayload());
      calls.add(call);
      Function<Call, ResponseCode> answer = answers.get(call.what());
      Response response = new Response(answer != null ? answer.apply(call) : usual(request));
      if (response.getCode() == ResponseCode.CONTENT) {
        response.getOptions().setContentFormat(40);
        response.setPayload(discover.getBytes(StandardCharsets.UTF_8));
      }
      exchange.sendResponse(response);
    }

    private ResponseCode usual(Request request) {
      return switch (request.getCode()) {
        case GET -> ResponseCode.CONTENT;
        case DELETE -> ResponseCode.DELETED;
        default -> ResponseCode.CHANGED;
      };
    }

    @Override
    public void deliverResponse(Exchange exchange, Response response) {
      exchange.getRequest().setResponse(response);
    }
  }

  @Override
  public void close() {
    server.destroy();
  }
}
