package org.firstlight.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.firstlight.journey.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.eclipse.leshan.client.LeshanClient;
import org.eclipse.leshan.client.LeshanClientBuilder;
import org.eclipse.leshan.client.californium.endpoint.CaliforniumClientEndpointsProvider;
import org.eclipse.leshan.client.californium.endpoint.coap.CoapClientProtocolProvider;
import org.eclipse.leshan.client.californium.endpoint.coaps.CoapsClientProtocolProvider;
import org.eclipse.leshan.client.engine.DefaultRegistrationEngineFactory;
import org.eclipse.leshan.client.object.Device;
import org.eclipse.leshan.client.object.Security;
import org.eclipse.leshan.client.object.Server;
import org.eclipse.leshan.client.resource.ObjectsInitializer;
import org.eclipse.leshan.core.CertificateUsage;
import org.eclipse.leshan.core.LwM2mId;

/**
 * A client that knows nothing of ours: Leshan's, with /0, /1 and /3 alone, set up by nothing but
 * what a connection was answered.
 */
final class EngineersClient implements AutoCloseable {
  static final String MANUFACTURER = "An engineer's bench";

  private static final int ACCOUNT = 1;
  private static final int SOON_MS = 1000;

  private final LeshanClient client;

  private EngineersClient(String name, Security security, boolean bootstrap) {
    ObjectsInitializer objects = new ObjectsInitializer();
    objects.setInstancesForObject(LwM2mId.SECURITY, security);
    if (bootstrap) {
      objects.setClassForObject(LwM2mId.SERVER, Server.class);
    } else {
      objects.setInstancesForObject(LwM2mId.SERVER, new Server(ACCOUNT, 300));
    }
    objects.setInstancesForObject(LwM2mId.DEVICE, new Device(MANUFACTURER, "bench", "1"));
    client =
        new LeshanClientBuilder(name)
            .setObjects(objects.createAll())
            .setEndpointsProviders(
                new CaliforniumClientEndpointsProvider.Builder(
                        new CoapClientProtocolProvider(), new CoapsClientProtocolProvider())
                    .build())
            .setRegistrationEngineFactory(
                new DefaultRegistrationEngineFactory().setRetryWaitingTimeInMs(SOON_MS))
            .build();
  }

  /** By PSK or without security, as the connection says. */
  static EngineersClient bootstrapping(JsonNode connection) {
    JsonNode server = connection.path("bootstrap");
    String uri = server.path("uri").asText();
    return started(
        connection,
        server.hasNonNull("key")
            ? Security.pskBootstrap(uri, identity(server), key(server))
            : Security.noSecBootstrap(uri),
        true);
  }

  static EngineersClient registering(JsonNode connection) {
    JsonNode server = connection.path("dm");
    String uri = server.path("uri").asText();
    return started(
        connection,
        server.hasNonNull("key")
            ? Security.psk(uri, ACCOUNT, identity(server), key(server))
            : Security.noSec(uri, ACCOUNT),
        false);
  }

  static EngineersClient bootstrapping(
      JsonNode connection, X509Certificate certificate, PrivateKey key) {
    return started(
        connection,
        Security.x509Bootstrap(
            connection.path("bootstrap").path("uri").asText(),
            der(certificate),
            key.getEncoded(),
            der(certificate(connection.path("trustAnchor"))),
            CertificateUsage.TRUST_ANCHOR_ASSERTION.code),
        true);
  }

  /** With the operational certificate that was answered, over the client's own key. */
  static EngineersClient registering(JsonNode connection, PrivateKey key) {
    JsonNode server = connection.path("dm");
    return started(
        connection,
        Security.x509(
            server.path("uri").asText(),
            ACCOUNT,
            der(certificate(server.path("certificate"))),
            key.getEncoded(),
            der(certificate(connection.path("trustAnchor"))),
            CertificateUsage.TRUST_ANCHOR_ASSERTION.code),
        false);
  }

  private static EngineersClient started(
      JsonNode connection, Security security, boolean bootstrap) {
    EngineersClient client =
        new EngineersClient(connection.path("endpointName").asText(), security, bootstrap);
    client.client.start();
    return client;
  }

  void isRegistered() {
    eventually(() -> assertThat(client.getRegisteredServers()).isNotEmpty());
  }

  void isNotRegistered() {
    assertThat(client.getRegisteredServers()).isEmpty();
  }

  private static byte[] identity(JsonNode server) {
    return server.path("identity").asText().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(JsonNode server) {
    return HexFormat.of().parseHex(server.path("key").asText());
  }

  private static X509Certificate certificate(JsonNode pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.asText().getBytes(StandardCharsets.UTF_8)));
    } catch (CertificateException e) {
      throw new AssertionError("this is no certificate: " + pem, e);
    }
  }

  private static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.destroy(true);
  }
}
