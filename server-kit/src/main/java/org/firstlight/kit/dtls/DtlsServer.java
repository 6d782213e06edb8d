package org.firstlight.kit.dtls;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedPskStore;
import org.eclipse.californium.scandium.dtls.resumption.ResumptionVerifier;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.firstlight.kit.config.HandshakesConfig;
import org.firstlight.kit.pki.ServerCredential;

/**
 * A server's side of DTLS 1.2, for a CoAP stack that builds its own connector: {@link #applyTo} its
 * {@link Configuration} first, then {@link #configure} the connector's builder.
 *
 * <p>Verifier and PSK store may answer later, from another thread, through the result handler that
 * Scandium gives them. One that cannot answer, since what it asks is away, lets the handshake time
 * out and sends no alert: the device then tries again by itself.
 *
 * @param credential as it is now: asked at each handshake
 * @param verifier decides on X.509 chains, and on raw public keys where it supports them, which are
 *     not taken otherwise; it refuses with a {@link HandshakeRefusedException}
 * @param pskStore PSK suites are offered only where there is one
 * @param resumption decides which session may go on by its id
 * @param sessions keeps them beyond this process, where one is to
 * @param nodeNumber 0 to 255, first byte of the Connection IDs
 */
public record DtlsServer(
    Supplier<ServerCredential> credential,
    NewAdvancedCertificateVerifier verifier,
    Optional<AdvancedPskStore> pskStore,
    ResumptionVerifier resumption,
    Optional<KeptSessions> sessions,
    HandshakeListener listener,
    HandshakesConfig limits,
    int nodeNumber) {
  /** LwM2M Transport 1.1.1 §5.2.9 asks for CCM_8 and CBC_SHA256; GCM is for those who have it. */
  private static final List<CipherSuite> CERTIFICATE_SUITES =
      List.of(
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256);

  private static final List<CipherSuite> PSK_SUITES =
      List.of(
          CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
          CipherSuite.TLS_PSK_WITH_AES_128_CCM_8,
          CipherSuite.TLS_PSK_WITH_AES_128_CCM,
          CipherSuite.TLS_PSK_WITH_AES_128_CBC_SHA256);

  /** Node number and five random bytes: room for millions that guessing does not find. */
  private static final int CONNECTION_ID_BYTES = 6;

  /** Sleepers stay connected for days; at about 2 kB each this is a gigabyte when full. */
  private static final int MAX_CONNECTIONS = 500_000;

  private static final int STALE_AFTER_HOURS = 24;
  private static final int MAX_HANDSHAKE_MESSAGE_BYTES = 8192;

  public DtlsServer {
    if (nodeNumber < 0 || nodeNumber > 255) {
      throw new IllegalArgumentException("a node number is 0 to 255");
    }
  }

  /** Sets everything about DTLS in the CoAP stack's configuration, and nothing else. */
  public void applyTo(Configuration configuration) {
    int cores = Runtime.getRuntime().availableProcessors();
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY);
    configuration.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
    configuration.set(DtlsConfig.DTLS_CIPHER_SUITES, suites());
    configuration.set(DtlsConfig.DTLS_CURVES, List.of(SupportedGroup.secp256r1));
    configuration.set(
        DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.NEEDED);
    configuration.set(DtlsConfig.DTLS_USE_HELLO_VERIFY_REQUEST, true);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, CONNECTION_ID_BYTES);
    configuration.set(DtlsConfig.DTLS_CONNECTION_ID_NODE_ID, nodeNumber);
    // one reader keeps up with a socket; the connector threads do the arithmetic
    configuration.set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, cores > 4 ? 2 : 1);
    configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, Math.max(2, cores));
    configuration.set(DtlsConfig.DTLS_MAX_CONNECTIONS, MAX_CONNECTIONS);
    configuration.set(
        DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, STALE_AFTER_HOURS, TimeUnit.HOURS);
    // what its verifier says of a handshake beyond that is lost, and its device waits in vain
    configuration.set(DtlsConfig.DTLS_MAX_PENDING_HANDSHAKE_RESULT_JOBS, MAX_CONNECTIONS);
    configuration.set(
        DtlsConfig.DTLS_MAX_FRAGMENTED_HANDSHAKE_MESSAGE_LENGTH, MAX_HANDSHAKE_MESSAGE_BYTES);
  }

  /** Gives the connector its credential, its trust and the listener. */
  public void configure(DtlsConnectorConfig.Builder builder) {
    HandshakeLimits handshakes = new HandshakeLimits(limits);
    HandshakeWatch watch =
        new HandshakeWatch(
            listener, session -> sessions.ifPresent(kept -> kept.keep(session)), handshakes);
    builder.setDatagramFilter(new HandshakeFilter(handshakes, listener));
    // a device that is known by a raw public key knows the server by its own
    builder.setCertificateIdentityProvider(
        new CurrentCertificate(credential, verifier.getSupportedCertificateTypes()));
    builder.setAdvancedCertificateVerifier(watch.watching(verifier));
    pskStore.ifPresent(store -> builder.setAdvancedPskStore(watch.watching(store)));
    builder.setResumptionVerifier(resumption);
    builder.setSessionListener(watch);
  }

  /** A connector of its own, for those who bring no CoAP stack that builds one. */
  public DTLSConnector connector(InetSocketAddress address) {
    Configuration configuration = new Configuration(DtlsConfig.DEFINITIONS);
    applyTo(configuration);
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration).setAddress(address);
    configure(builder);
    return new DTLSConnector(builder.build());
  }

  private List<CipherSuite> suites() {
    List<CipherSuite> suites = new ArrayList<>(CERTIFICATE_SUITES);
    if (pskStore.isPresent()) {
      suites.addAll(PSK_SUITES);
    }
    return suites;
  }
}
