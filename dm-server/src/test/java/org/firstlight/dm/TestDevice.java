package org.firstlight.dm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.ServerMessageDeliverer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.auth.RawPublicKeyIdentity;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.SecretUtil;

/** A device: its CoAP endpoint over DTLS, and its object tree. */
final class TestDevice implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;
  private static final int LARGEST_BODY = 1024 * 1024;

  final DeviceTree tree = new DeviceTree();
  private final CoapServer coap;
  private final CoapEndpoint endpoint;
  private final InetSocketAddress server;

  private TestDevice(CoapEndpoint endpoint, Configuration configuration, InetSocketAddress server) {
    this.endpoint = endpoint;
    this.server = server;
    this.coap = new CoapServer(configuration);
    coap.setMessageDeliverer(new ServerMessageDeliverer(tree, configuration));
    coap.addEndpoint(endpoint);
    coap.start();
  }

  static TestDevice withCertificate(
      InetSocketAddress server, X509Certificate trusted, PrivateKey key, X509Certificate own) {
    return withCertificate(configuration(), server, trusted, key, own);
  }

  /** Takes the server's Connection ID, and asks for none of its own. */
  static TestDevice withConnectionId(
      InetSocketAddress server, X509Certificate trusted, PrivateKey key, X509Certificate own) {
    Configuration configuration = configuration();
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    return withCertificate(configuration, server, trusted, key, own);
  }

  private static TestDevice withCertificate(
      Configuration configuration,
      InetSocketAddress server,
      X509Certificate trusted,
      PrivateKey key,
      X509Certificate own) {
    DtlsConnectorConfig.Builder dtls =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(loopback())
            .setCertificateIdentityProvider(
                new SingleCertificateProvider(
                    key, new X509Certificate[] {own}, CertificateType.X_509))
            .setAdvancedCertificateVerifier(
                StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustedCertificates(trusted)
                    .build());
    return new TestDevice(endpoint(configuration, dtls), configuration, server);
  }

  /** Takes the server's Connection ID, and knows the server by its key alone. */
  static TestDevice withRawKey(InetSocketAddress server, PublicKey trusted, KeyPair own) {
    Configuration configuration = configuration();
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CURVES_ONLY, false);
    DtlsConnectorConfig.Builder dtls =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(loopback())
            .setCertificateIdentityProvider(
                new SingleCertificateProvider(own.getPrivate(), own.getPublic()))
            .setAdvancedCertificateVerifier(
                StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustedRPKs(new RawPublicKeyIdentity(trusted))
                    .build());
    return new TestDevice(endpoint(configuration, dtls), configuration, server);
  }

  static TestDevice withPsk(InetSocketAddress server, String identity, byte[] key) {
    Configuration configuration = configuration();
    configuration.setAsList(DtlsConfig.DTLS_CIPHER_SUITES, CipherSuite.TLS_PSK_WITH_AES_128_CCM_8);
    DtlsConnectorConfig.Builder dtls =
        DtlsConnectorConfig.builder(configuration)
            .setAddress(loopback())
            .setAdvancedPskStore(
                new AdvancedSinglePskStore(identity, SecretUtil.create(key, "PSK")));
    return new TestDevice(endpoint(configuration, dtls), configuration, server);
  }

  static TestDevice plain(InetSocketAddress server) {
    Configuration configuration = configuration();
    CoapEndpoint endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setInetSocketAddress(loopback())
            .build();
    return new TestDevice(endpoint, configuration, server);
  }

  private static Configuration configuration() {
    Configuration configuration =
        new Configuration(
            CoapConfig.DEFINITIONS,
            SystemConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS);
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY);
    configuration.set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    configuration.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 500, TimeUnit.MILLISECONDS);
    configuration.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 2);
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1);
    configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
    configuration.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, LARGEST_BODY);
    configuration.set(CoapConfig.ACK_TIMEOUT, 500, TimeUnit.MILLISECONDS);
    // as small devices do: one that started anew uses the same message ids again
    configuration.set(CoapConfig.USE_RANDOM_MID_START, false);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    return configuration;
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static CoapEndpoint endpoint(
      Configuration configuration, DtlsConnectorConfig.Builder dtls) {
    return new CoapEndpoint.Builder()
        .setConfiguration(configuration)
        .setConnector(new DTLSConnector(dtls.build()))
        .build();
  }

  /** The answer; empty if the handshake failed or nobody answered. */
  Optional<Response> send(Request request) {
    CompletableFuture<Optional<Response>> answer = new CompletableFuture<>();
    request.setDestinationContext(new AddressEndpointContext(server));
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            answer.complete(Optional.of(response));
          }

          @Override
          protected void failed() {
            answer.complete(Optional.empty());
          }
        });
    endpoint.sendRequest(request);
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no end to " + request, e);
    }
  }

  Optional<Response> register(String links, String... query) {
    Request request = Request.newPost();
    request.getOptions().addUriPath("rd").setContentFormat(40);
    for (String parameter : query) {
      request.getOptions().addUriQuery(parameter);
    }
    request.setPayload(links);
    return send(request);
  }

  /** Its next request begins with an abbreviated handshake, as of a device that was asleep. */
  void resumesItsSession() {
    ((DTLSConnector) endpoint.getConnector()).forceResumeSessionFor(server);
  }

  /** Empty if the connection is gone. */
  Optional<Response> tryUpdate(String id) {
    Request request = Request.newPost();
    request.getOptions().addUriPath("rd").addUriPath(id);
    return send(request);
  }

  Response update(String id, String... query) {
    Request request = Request.newPost();
    request.getOptions().addUriPath("rd").addUriPath(id);
    for (String parameter : query) {
      request.getOptions().addUriQuery(parameter);
    }
    return send(request).orElseThrow();
  }

  Response deregister(String id) {
    Request request = Request.newDelete();
    request.getOptions().addUriPath("rd").addUriPath(id);
    return send(request).orElseThrow();
  }

  Response sendData(int format, byte[] payload) {
    return trySend(format, payload).orElseThrow();
  }

  /** A Send; empty if the connection is gone. */
  Optional<Response> trySend(int format, byte[] payload) {
    Request request = Request.newPost();
    request.getOptions().addUriPath("dp").setContentFormat(format);
    request.setPayload(payload);
    return send(request);
  }

  @Override
  public void close() {
    coap.destroy();
  }
}
