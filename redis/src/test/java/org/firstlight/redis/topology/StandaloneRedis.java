package org.firstlight.redis.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.firstlight.redis.RedisSettings;
import org.firstlight.redis.node.Login;
import org.firstlight.redis.node.Tls;
import org.firstlight.redis.node.Topology;

/** One Redis that speaks TLS alone, and lets in a user who may do what we need and no more. */
public final class StandaloneRedis implements RedisTopology {
  private static final String PASSWORD = "of-tests-alone";

  /** What an operator gives our user: docs/operations.md says the same. */
  public static final String ACL_RULE =
      "resetchannels ~fl:* -@all +@read +@write -@dangerous -keys +eval +evalsha +ping +info +time"
          + " +role +wait +cluster|info +cluster|slots";

  private final RedisProcess process;
  private final SelfSigned certificate;

  private StandaloneRedis(RedisProcess process, SelfSigned certificate) {
    this.process = process;
    this.certificate = certificate;
  }

  public static StandaloneRedis start(Path folder) {
    return start(folder, "localhost");
  }

  /**
   * @param name what its certificate names
   */
  public static StandaloneRedis start(Path folder, String name) {
    SelfSigned certificate = SelfSigned.make(folder, name);
    RedisProcess process =
        RedisProcess.start(
            folder,
            new RedisProcess.Access(
                Login.NONE, Optional.of(new Tls(Optional.of(certificate.certificate())))),
            port ->
                RedisProcess.storing(
                    Map.of(
                        "port",
                        "0",
                        "tls-port",
                        Integer.toString(port),
                        "tls-cert-file",
                        certificate.certificate().toString(),
                        "tls-key-file",
                        certificate.key().toString(),
                        "tls-auth-clients",
                        "no",
                        "user firstlight",
                        "on >" + PASSWORD + " " + ACL_RULE)));
    return new StandaloneRedis(process, certificate);
  }

  public RedisProcess process() {
    return process;
  }

  @Override
  public RedisSettings settings() {
    return RedisSettings.of(
            new Topology.Standalone(process.node()),
            new Login(Optional.of("firstlight"), Optional.of(PASSWORD)))
        .with(new Tls(Optional.of(certificate.certificate())));
  }

  @Override
  public String configuration(Path folder) {
    Path passwordFile = folder.resolve("redis-password");
    try {
      Files.writeString(passwordFile, PASSWORD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return """
        redis:
          mode: standalone
          nodes: ["%s"]
          user: firstlight
          passwordFile: %s
          tls: { trust: %s }
        """
        .formatted(process.node(), passwordFile, certificate.certificate());
  }

  @Override
  public List<RedisProcess> processes() {
    return List.of(process);
  }

  @Override
  public RedisProcess masterOf(int shard) {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }
}
