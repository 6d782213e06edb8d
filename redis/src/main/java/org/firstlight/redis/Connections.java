package org.firstlight.redis;

import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Opens signed-in connections whose reads end in time. */
final class Connections {
  private static final int CONNECT_MS = 1_000;
  private static final int READ_MS = 1_800;

  /**
   * @throws redis.clients.jedis.exceptions.JedisException if Redis is away or refuses the password
   */
  static Connection open(RedisSettings settings) {
    DefaultJedisClientConfig.Builder client =
        DefaultJedisClientConfig.builder()
            .resp2()
            .connectionTimeoutMillis(CONNECT_MS)
            .socketTimeoutMillis(READ_MS)
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .clientName("firstlight");
    settings.user().ifPresent(client::user);
    settings.password().ifPresent(client::password);
    if (settings.tls()) {
      client.sslOptions(SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
    }
    HostAndPort address = new HostAndPort(settings.host(), settings.port());
    Connection connection = new Connection(address, client.build());
    connection.connect();
    return connection;
  }

  private Connections() {}
}
