package org.firstlight.simulator.crowd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.config.CoapConfig.MatcherMode;
import org.eclipse.californium.core.config.CoapConfig.TrackerMode;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.SessionListener;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.firstlight.simulator.connection.Timing;

/** CoAP over DTLS for all devices of a crowd: one endpoint, a few threads. */
final class Stack implements AutoCloseable {
  private static final int MTU = 1400;
  private static final int PENDING = 500_000;

  /** Retransmissions of a server's requests are few: they are known by the last messages alone. */
  private static final int REMEMBERED_MESSAGES = 4;

  /** Room for a subscription package of 128 kB. */
  private static final int MAX_BODY = 132 * 1024;

  private final CrowdConnector connector;
  private final CoapEndpoint endpoint;
  private final CoapServer coap;
  private final Servers servers;

  /** How many devices there are, and how patient they are. */
  record Size(int devices, Timing timing) {}

  /**
   * @param papers what a handshake on a line needs
   * @param requests takes what the servers ask
   */
  Stack(
      Size size,
      Nat nat,
      Servers servers,
      Function<Line, Optional<Identities.Papers>> papers,
      SessionListener handshakes,
      MessageDeliverer requests,
      ScheduledExecutorService threads)
      throws IOException {
    this.servers = servers;
    Configuration configuration = configuration(size);
    // asked in handshakes alone, when there is a connector
    Identities identities = new Identities(id -> connector().lineOf(id).flatMap(papers));
    connector =
        CrowdConnector.of(
            DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .setCertificateIdentityProvider(identities)
                .setAdvancedCertificateVerifier(identities)
                .setSessionListener(handshakes)
                .build(),
            nat,
            servers);
    connector.setExecutor(threads);
    endpoint =
        CoapEndpoint.builder().setConfiguration(configuration).setConnector(connector).build();
    coap = new CoapServer(configuration);
    coap.setExecutors(threads, threads, true);
    coap.addEndpoint(endpoint);
    coap.setMessageDeliverer(requests);
    coap.start();
    nat.start(connector::received);
  }

  private CrowdConnector connector() {
    return connector;
  }

  private static Configuration configuration(Size size) {
    Configuration configuration =
        new Configuration(
            SystemConfig.DEFINITIONS,
            CoapConfig.DEFINITIONS,
            UdpConfig.DEFINITIONS,
            DtlsConfig.DEFINITIONS);
    int lines = 2 * size.devices() + 100;
    int timeout = (int) size.timing().ackTimeout().toMillis();
    configuration
        .set(CoapConfig.MID_TRACKER, TrackerMode.NULL)
        .set(CoapConfig.MAX_ACTIVE_PEERS, lines)
        .set(CoapConfig.RESPONSE_MATCHING, MatcherMode.RELAXED)
        .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP)
        .set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, REMEMBERED_MESSAGES)
        .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, MAX_BODY)
        .set(CoapConfig.ACK_TIMEOUT, timeout, TimeUnit.MILLISECONDS)
        .set(CoapConfig.MAX_RETRANSMIT, size.timing().retransmissions())
        .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
        .set(DtlsConfig.DTLS_MAX_CONNECTIONS, lines)
        .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, PENDING)
        .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, PENDING)
        .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, MTU)
        .set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, Demultiplexer.CONNECTION_ID_BYTES)
        .set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, true)
        .set(
            DtlsConfig.DTLS_CIPHER_SUITES,
            List.of(
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256))
        .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, timeout, TimeUnit.MILLISECONDS)
        .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, size.timing().retransmissions());
    // ServerTrust checks the name, against the subject alternative names alone
    configuration.setTransient(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT);
    return configuration;
  }

  boolean isConnected(Line line) {
    return connector.isConnected(line);
  }

  /**
   * Sends a confirmable request; shakes hands first where there is no connection.
   *
   * @param answered called with the response, if there is one
   * @param unanswered called with why not
   */
  void send(Line line, Request request, Consumer<Response> answered, Consumer<String> unanswered) {
    request.setConfirmable(true);
    request.setScheme("coaps");
    request.setDestinationContext(
        new AddressEndpointContext(line.address(), servers.host(line.server()), null));
    request.addMessageObserver(new End(answered, unanswered));
    endpoint.sendRequest(request);
  }

  /** Ends the connection with a word to the server. */
  void close(Line line) {
    connector.close(line.address());
  }

  /** Ends the connection without one. */
  void drop(Line line) {
    connector.drop(line);
  }

  @Override
  public void close() {
    coap.destroy();
  }

  private static final class End extends MessageObserverAdapter {
    private final Consumer<Response> answered;
    private final Consumer<String> unanswered;

    End(Consumer<Response> answered, Consumer<String> unanswered) {
      this.answered = answered;
      this.unanswered = unanswered;
    }

    @Override
    public void onResponse(Response response) {
      answered.accept(response);
    }

    @Override
    public void onTimeout() {
      unanswered.accept("no answer");
    }

    @Override
    public void onReject() {
      unanswered.accept("the server reset the request");
    }

    @Override
    public void onSendError(Throwable error) {
      unanswered.accept(words(error));
    }

    @Override
    public void onResponseHandlingError(Throwable cause) {
      unanswered.accept("an answer that cannot be read");
    }

    private static String words(Throwable error) {
      Throwable cause = error;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String words = cause.getMessage() == null ? "" : cause.getMessage();
      // numbers and addresses would make a kind of its own of each
      return "no connection: "
          + (words.isEmpty() ? cause.getClass().getSimpleName() : words.replaceAll("[0-9]+", "#"));
    }
  }
}
