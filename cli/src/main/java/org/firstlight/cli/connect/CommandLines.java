package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ready command lines for one server and the clients that people use, as their own sources read
 * options: Anjay's demo, Wakaama's lwm2mclient, Zephyr's lwm2m_client sample, Leshan's client demo.
 */
final class CommandLines {
  /** What tinydtls, which Wakaama is built with, takes at most. */
  private static final int TINYDTLS_IDENTITY_BYTES = 32;

  /** Wakaama's client writes {@code coaps://host:port} into 50 bytes. */
  private static final int WAKAAMA_URI_BYTES = 49;

  private final String name;
  private final boolean bootstrap;
  private final URI uri;
  private final String identity;
  private final String key;
  private final String certificateFile;

  /**
   * @param server as the API answered it
   * @param certificateFile DER that the client shows to this server
   */
  CommandLines(String name, boolean bootstrap, JsonNode server, String certificateFile) {
    this.name = name;
    this.bootstrap = bootstrap;
    this.uri = URI.create(server.path("uri").asText());
    this.identity = server.path("identity").asText();
    this.key = server.path("key").asText();
    this.certificateFile = certificateFile;
  }

  /** By client, in the order to show them. */
  Map<String, String> of(String credential) {
    Map<String, String> lines = new LinkedHashMap<>();
    switch (credential) {
      case "psk" -> psk(lines);
      case "certificate" -> certificate(lines);
      default -> withoutSecurity(lines);
    }
    return lines;
  }

  private void psk(Map<String, String> lines) {
    lines.put(
        "Anjay",
        "%s --security-mode psk --identity %s --key %s".formatted(anjay(), hex(identity), key));
    boolean fits = identity.getBytes(StandardCharsets.UTF_8).length <= TINYDTLS_IDENTITY_BYTES;
    lines.put(
        "Wakaama",
        fits
            ? "%s -i '%s' -s %s".formatted(wakaama(), identity, key)
            : "(tinydtls takes a PSK identity of 32 bytes: connect with a shorter name)");
    lines.put(
        "Zephyr",
        identity.equals(name)
            ? zephyr("overlay-dtls.conf", " -DCONFIG_NET_SAMPLE_LWM2M_PSK='\"%s\"'".formatted(key))
            : "(the sample's PSK identity is its endpoint name: let it bootstrap)");
    lines.put("Leshan", "%s -i '%s' -p %s".formatted(leshan(), identity, key));
  }

  private void certificate(Map<String, String> lines) {
    lines.put(
        "Anjay",
        "%s --security-mode cert --client-cert-file %s --key-file client.key.der"
                .formatted(anjay(), certificateFile)
            + "\n           (its demo cannot be told a CA: this trusts any server; in your own code,"
            + " anchor.der in /0/x/4 and 2 in /0/x/15)");
    lines.put("Wakaama", "(its client knows PSK and NoSec alone: connect with --psk)");
    lines.put(
        "Zephyr",
        "(overlay-dtls-cert.conf; in the code %s in /0/0/3, client.key.der in /0/0/5,"
                .formatted(certificateFile)
            + " anchor.der in /0/0/4, %s in /0/0/0)".formatted(uri));
    lines.put(
        "Leshan",
        "%s -ccert %s -cprik client.key.der -scert anchor.der -cu 2"
            .formatted(leshan(), certificateFile));
  }

  private void withoutSecurity(Map<String, String> lines) {
    lines.put("Anjay", anjay() + " --security-mode nosec");
    lines.put("Wakaama", wakaama() + "   (built without tinydtls)");
    lines.put("Zephyr", "(a board is another machine: connect with --psk)");
    lines.put("Leshan", leshan());
  }

  private String anjay() {
    return "./demo --endpoint-name %s%s --server-uri %s"
        .formatted(quoted(name), bootstrap ? " --bootstrap" : "", uri);
  }

  private String wakaama() {
    String line =
        "./lwm2mclient -4%s -n %s -h %s -p %d"
            .formatted(bootstrap ? " -b" : "", quoted(name), uri.getHost(), uri.getPort());
    return uri.toString().length() <= WAKAAMA_URI_BYTES ? line : line + " (host too long for it)";
  }

  private String zephyr(String security, String more) {
    return "west build -b YOUR_BOARD zephyr/samples/net/lwm2m_client --"
        + " -DEXTRA_CONF_FILE='%s%s'"
            .formatted(security, bootstrap ? ";overlay-bootstrap.conf" : "")
        + " -DCONFIG_NET_SAMPLE_LWM2M_SERVER='\"%s\"'".formatted(uri)
        + " -DCONFIG_NET_SAMPLE_LWM2M_ID='\"%s\"'".formatted(name)
        + more;
  }

  private String leshan() {
    return "java -jar leshan-client-demo.jar%s -n %s -u %s"
        .formatted(bootstrap ? " -b" : "", quoted(name), uri);
  }

  private static String quoted(String text) {
    return text.matches("[A-Za-z0-9:._/@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
