package org.firstlight.benchmarks.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.californium.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.server.californium.endpoint.coaps.CoapsServerProtocolProvider;
import org.eclipse.leshan.server.security.InMemorySecurityStore;
import org.eclipse.leshan.server.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.server.security.SecurityInfo;
import org.firstlight.kit.crypto.CryptoProvider;

/** A Leshan server with X.509 over DTLS, in memory. */
public final class LeshanDtlsMain {
  private static final int TUNED_THREADS = 4;

  private LeshanDtlsMain() {}

  /**
   * @param arguments {@code stock} or {@code tuned}, the provider, the port, the folder of
   *     credentials, how many devices
   */
  public static void main(String[] arguments) throws IOException, NonUniqueSecurityInfoException {
    CryptoProvider.install(List.of(CryptoProvider.valueOf(arguments[1])));
    Path folder = Path.of(arguments[3]);
    Credentials.Credential own = Credentials.read(folder, "server");
    var endpoints =
        new CaliforniumServerEndpointsProvider.Builder(new CoapsServerProtocolProvider());
    Configuration configuration = endpoints.createDefaultConfiguration();
    // its default is both roles, which wants a certificate for both
    configuration.set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.SERVER_ONLY);
    if (arguments[0].equals("tuned")) {
      configuration.set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, TUNED_THREADS);
    }
    InMemorySecurityStore security = new InMemorySecurityStore();
    for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
      security.add(SecurityInfo.newX509CertInfo(Credentials.device(i).value()));
    }
    LeshanServer server =
        new LeshanServerBuilder()
            .setPrivateKey(own.key())
            .setCertificateChain(new X509Certificate[] {own.certificate()})
            .setTrustedCertificates(new X509Certificate[] {Credentials.certificate(folder, "ca")})
            .setSecurityStore(security)
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
}
