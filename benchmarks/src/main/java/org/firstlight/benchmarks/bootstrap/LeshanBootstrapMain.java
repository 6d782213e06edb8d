package org.firstlight.benchmarks.bootstrap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.SecurityMode;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.peer.OscoreIdentity;
import org.eclipse.leshan.core.request.BindingMode;
import org.eclipse.leshan.server.bootstrap.BootstrapConfig;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServer;
import org.eclipse.leshan.server.bootstrap.LeshanBootstrapServerBuilder;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.CaliforniumBootstrapServerEndpointsProvider;
import org.eclipse.leshan.server.californium.bootstrap.endpoint.coaps.CoapsBootstrapServerProtocolProvider;
import org.eclipse.leshan.server.security.BootstrapSecurityStore;
import org.eclipse.leshan.server.security.SecurityInfo;
import org.firstlight.benchmarks.handshake.Credentials;
import org.firstlight.kit.crypto.CryptoProvider;
import org.jspecify.annotations.Nullable;

/** Leshan's Bootstrap-Server with X.509 over DTLS: one account by PSK for everybody. */
public final class LeshanBootstrapMain {
  private static final int PROTOCOL_THREADS = 16;
  private static final int DTLS_THREADS = 4;

  private LeshanBootstrapMain() {}

  /** Lets in who has a certificate that names its endpoint. */
  private static final class AnyCertificate implements BootstrapSecurityStore {
    @Override
    public Iterator<SecurityInfo> getAllByEndpoint(String endpoint) {
      return List.of(SecurityInfo.newX509CertInfo(endpoint)).iterator();
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

  /**
   * @param arguments {@code stock} or {@code tuned}, the provider, the port, the folder of
   *     credentials, {@code FOUR} or {@code SIX}
   */
  public static void main(String[] arguments) throws IOException {
    CryptoProvider.install(List.of(CryptoProvider.valueOf(arguments[1])));
    Path folder = Path.of(arguments[3]);
    Credentials.Credential own = Credentials.read(folder, "server");
    var endpoints =
        new CaliforniumBootstrapServerEndpointsProvider.Builder(
            new CoapsBootstrapServerProtocolProvider());
    Configuration configuration = endpoints.createDefaultConfiguration();
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY);
    if (arguments[0].equals("tuned")) {
      configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, DTLS_THREADS);
      configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, PROTOCOL_THREADS);
    }
    BootstrapConfig config = config(Contender.Requests.valueOf(arguments[4]));
    LeshanBootstrapServer server =
        new LeshanBootstrapServerBuilder()
            .setPrivateKey(own.key())
            .setCertificateChain(new X509Certificate[] {own.certificate()})
            .setTrustedCertificates(new X509Certificate[] {Credentials.certificate(folder, "ca")})
            .setSecurityStore(new AnyCertificate())
            .setConfigStore(session -> config)
            .setEndpointsProviders(
                endpoints
                    .setConfiguration(configuration)
                    .addEndpoint(
                        new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[2])),
                        Protocol.COAPS)
                    .build())
            .build();
    server.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // until the measurement ends it
    }
    server.destroy();
  }

  private static BootstrapConfig config(Contender.Requests requests) {
    BootstrapConfig config = new BootstrapConfig();
    boolean six = requests == Contender.Requests.SIX;
    config.toDelete = six ? List.of("/0", "/1") : List.of("/");
    // it asks for a Discover to learn which instance is free
    config.autoIdForSecurityObject = six;
    BootstrapConfig.ServerSecurity security = new BootstrapConfig.ServerSecurity();
    security.uri = "coaps://localhost:5784";
    security.serverId = 1;
    security.securityMode = SecurityMode.PSK;
    security.publicKeyOrId = "urn:bench:bench-00000#1#00112233".getBytes(StandardCharsets.UTF_8);
    security.secretKey = new byte[16];
    config.security.put(1, security);
    BootstrapConfig.ServerConfig account = new BootstrapConfig.ServerConfig();
    account.shortId = 1;
    account.lifetime = 300;
    account.notifIfDisabled = true;
    account.binding = EnumSet.of(BindingMode.U);
    config.servers.put(0, account);
    return config;
  }
}
