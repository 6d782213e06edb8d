package org.firstlight.redis.node;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Opens signed-in connections whose reads end in time. */
public final class Connector {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration READ = Duration.ofMillis(1_800);
  private static final String STORE = "PKCS12";

  /** A trust store holds no secret, but its format asks for a password. */
  private static final char[] NO_SECRET = "trust".toCharArray();

  private final Login login;
  private final @Nullable SslOptions encryption;

  /**
   * @throws IllegalArgumentException if the trusted certificates cannot be read
   */
  public Connector(Login login, Optional<Tls> tls) {
    this.login = login;
    this.encryption = tls.map(Connector::options).orElse(null);
  }

  /**
   * @throws redis.clients.jedis.exceptions.JedisException if it is away, is not who it should be,
   *     or refuses the password
   */
  public Connection open(Node node) {
    return open(node, READ);
  }

  Connection open(Node node, Duration patience) {
    Duration connect = patience.compareTo(CONNECT) < 0 ? patience : CONNECT;
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .resp2()
            .connectionTimeoutMillis((int) connect.toMillis())
            .socketTimeoutMillis((int) patience.toMillis())
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .clientName("firstlight");
    login.user().ifPresent(client::user);
    login.password().ifPresent(client::password);
    if (encryption != null) {
      client.sslOptions(encryption);
    }
    Connection connection =
        new Connection(new HostAndPort(node.host(), node.port()), client.build());
    connection.connect();
    return connection;
  }

  private static SslOptions options(Tls tls) {
    SslOptions.Builder options = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL);
    tls.trust()
        .map(Connector::trustStore)
        .ifPresent(
            store ->
                options
                    .trustStoreType(STORE)
                    .truststore(() -> new ByteArrayInputStream(store), NO_SECRET));
    return options.build();
  }

  /** The certificates of a PEM file, in the form that Java reads trust from. */
  private static byte[] trustStore(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(STORE);
      trusted.load(null, null);
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("redis-" + trusted.size(), each);
      }
      if (trusted.size() == 0) {
        throw new IllegalArgumentException("no certificate to trust Redis by is in " + file);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      trusted.store(out, NO_SECRET);
      return out.toByteArray();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the certificates to trust Redis by are not PEM: " + file, e);
    } catch (IOException e) {
      throw new UncheckedIOException("the certificates to trust Redis by cannot be read", e);
    }
  }
}
