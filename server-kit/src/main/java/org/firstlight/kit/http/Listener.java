package org.firstlight.kit.http;

import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.firstlight.kit.config.HttpConfig;
import org.firstlight.kit.pki.Certificates;
import org.firstlight.kit.pki.Pem;
import org.firstlight.kit.pki.PkiException;
import org.firstlight.kit.pki.PrivateFiles;

/** The socket: plain, or TLS with the configured certificate. */
final class Listener {
  private Listener() {}

  static void add(JavalinConfig config, HttpConfig http) {
    config.jetty.addConnector((server, configuration) -> connector(server, configuration, http));
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration configuration, HttpConfig http) {
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    if (http.trustedProxy()) {
      configuration.addCustomizer(new LastHop());
    }
    ServerConnector connector =
        http.tls()
            .map(
                tls -> {
                  configuration.addCustomizer(new SecureRequestCustomizer(false));
                  return new ServerConnector(
                      server, ssl(tls), new HttpConnectionFactory(configuration));
                })
            .orElseGet(() -> new ServerConnector(server, new HttpConnectionFactory(configuration)));
    connector.setHost(http.host());
    connector.setPort(http.port());
    return connector;
  }

  private static SslContextFactory.Server ssl(HttpConfig.Tls tls) {
    try {
      List<X509Certificate> chain = Certificates.parse(Files.readAllBytes(tls.certificate()));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("http", key(tls.key()), new char[0], chain.toArray(X509Certificate[]::new));
      SslContextFactory.Server ssl = new SslContextFactory.Server();
      ssl.setKeyStore(store);
      ssl.setKeyStorePassword("");
      return ssl;
    } catch (IOException | GeneralSecurityException e) {
      throw new PkiException(
          "http.tls cannot be used: certificate and key must be PEM, the key PKCS#8 and not encrypted",
          e);
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException {
    List<Pem.Block> blocks =
        Pem.parse(new String(PrivateFiles.read(file), StandardCharsets.US_ASCII));
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(blocks.get(0).der());
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (GeneralSecurityException e) {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    }
  }
}
