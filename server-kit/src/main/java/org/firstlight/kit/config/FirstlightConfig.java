package org.firstlight.kit.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.firstlight.kit.crypto.CryptoProvider;

/**
 * What one Firstlight process is told at its start: the whole of its YAML file.
 *
 * @param dataDirectory {@code dataDirectory}: where keys, certificates and the embedded Redis live,
 *     made at first start; relative paths count from the file's own folder
 * @param node {@code node}: letters and a number from 0 to 255, such as {@code n1}; the number
 *     leads the Connection IDs of this process, so no two processes of one fleet may share it
 * @param crypto {@code crypto}: who does elliptic curves; the fastest that works here unless it is
 *     named, and the JDK where that one does not work
 */
public record FirstlightConfig(
    Path dataDirectory,
    String node,
    RedisConfig redis,
    HttpConfig http,
    BootstrapConfig bootstrap,
    DmConfig dm,
    HandshakesConfig handshakes,
    CustodyConfig custody,
    PkiConfig pki,
    Optional<OidcConfig> oidc,
    Optional<CryptoProvider> crypto) {
  private static final Pattern NODE = Pattern.compile("[a-z]{1,12}[0-9]{1,3}");

  public FirstlightConfig {
    Checks.present(dataDirectory, "dataDirectory");
    Checks.that(
        NODE.matcher(node).matches() && numberOf(node) <= 255,
        "node",
        "must be letters and a number from 0 to 255, such as n1");
    Checks.that(
        oidc.isEmpty() || http.publicUrl().isPresent(),
        "oidc",
        "needs http.publicUrl: the provider sends people back there");
  }

  /** First byte of the Connection IDs that this process gives out. */
  public int nodeNumber() {
    return numberOf(node);
  }

  private static int numberOf(String node) {
    return Integer.parseInt(node.replaceAll("[a-z]", ""));
  }
}
