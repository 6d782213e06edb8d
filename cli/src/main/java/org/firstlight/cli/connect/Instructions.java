package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.net.URI;
import java.util.Base64;

/** What a client needs to come in, and ready command lines for the clients that people use. */
final class Instructions {
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final JsonNode connection;
  private final String name;
  private final String credential;

  Instructions(JsonNode connection) {
    this.connection = connection;
    this.name = connection.path("endpointName").asText();
    this.credential = connection.path("credential").asText();
  }

  void print(PrintStream out) {
    if (credential.equals("nosec")) {
      out.println(RED + "NoSec: everybody on this machine can read and forge this" + PLAIN);
    }
    out.println("endpoint   " + name);
    server(out, "bootstrap", connection.path("bootstrap"));
    server(out, "DM server", connection.path("dm"));
    trustAnchor(out);
    out.println();
    out.println("command lines (bootstrap; for the DM server take its URI, identity and key)");
    commandLines(out);
  }

  private static void server(PrintStream out, String word, JsonNode server) {
    URI uri = URI.create(server.path("uri").asText());
    out.printf("%-10s %s   (port %d)%n", word, uri, uri.getPort());
    if (server.hasNonNull("identity")) {
      out.println("  PSK identity  " + server.path("identity").asText());
      out.println("  PSK key, hex  " + server.path("key").asText() + "   (shown this once)");
    }
  }

  private void trustAnchor(PrintStream out) {
    String pem = connection.path("trustAnchor").asText("");
    if (pem.isEmpty()) {
      return;
    }
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]*-----", ""));
    out.println("\ntrust anchor of both servers, PEM:\n" + pem.strip());
    out.println("the same, DER in base64 (save with: base64 -d > anchor.der):");
    out.println(Base64.getEncoder().encodeToString(der));
    out.println("the same, as a C array:");
    out.println(cArray(der));
  }

  static String cArray(byte[] bytes) {
    StringBuilder c = new StringBuilder("static const unsigned char trust_anchor[] = {");
    for (int i = 0; i < bytes.length; i++) {
      c.append(i % 12 == 0 ? "\n  " : " ").append("0x%02x,".formatted(bytes[i] & 0xff));
    }
    return c.append("\n};").toString();
  }

  private void commandLines(PrintStream out) {
    JsonNode server = connection.path("bootstrap");
    String uri = server.path("uri").asText();
    URI parsed = URI.create(uri);
    switch (credential) {
      case "psk" -> {
        String identity = server.path("identity").asText();
        String key = server.path("key").asText();
        line(
            out,
            "Anjay",
            "demo --endpoint-name %s --bootstrap --server-uri %s --security-mode psk --identity %s --key %s",
            name,
            uri,
            hex(identity),
            key);
        line(
            out,
            "Wakaama",
            "lwm2mclient -4 -b -n %s -h %s -p %d -i '%s' -s %s",
            name,
            parsed.getHost(),
            parsed.getPort(),
            identity,
            key);
        line(
            out,
            "Zephyr",
            "CONFIG_LWM2M_RD_CLIENT_SUPPORT_BOOTSTRAP=y CONFIG_NET_CONFIG_PEER_IPV4_ADDR=\"%s\" CONFIG_LWM2M_APP_PSK_ID=\"%s\" CONFIG_LWM2M_APP_PSK=\"%s\"",
            parsed.getHost(),
            identity,
            key);
        line(
            out,
            "Leshan",
            "java -jar leshan-client-demo.jar -b -n %s -u %s -i '%s' -p %s",
            name,
            uri,
            identity,
            key);
      }
      case "certificate" -> {
        line(
            out,
            "Anjay",
            "demo --endpoint-name %s --bootstrap --server-uri %s --security-mode cert --client-cert-file client.der --key-file client.key.der --server-public-key-file anchor.der",
            name,
            uri);
        line(
            out,
            "Zephyr",
            "CONFIG_LWM2M_RD_CLIENT_SUPPORT_BOOTSTRAP=y, and your certificate and the C array above by tls_credential_add()");
        line(
            out,
            "Leshan",
            "java -jar leshan-client-demo.jar -b -n %s -u %s -cert client.der -prik client.key.der -truststore anchor.der -cu 2",
            name,
            uri);
        line(out, "Wakaama", "(its client speaks PSK and NoSec only: connect with --psk)");
      }
      default -> {
        line(out, "Anjay", "demo --endpoint-name %s --bootstrap --server-uri %s", name, uri);
        line(
            out,
            "Wakaama",
            "lwm2mclient -4 -b -n %s -h %s -p %d",
            name,
            parsed.getHost(),
            parsed.getPort());
        line(out, "Zephyr", "CONFIG_LWM2M_RD_CLIENT_SUPPORT_BOOTSTRAP=y, without DTLS");
        line(out, "Leshan", "java -jar leshan-client-demo.jar -b -n %s -u %s", name, uri);
      }
    }
  }

  private static void line(PrintStream out, String client, String format, Object... arguments) {
    out.printf("  %-8s %s%n", client, format.formatted(arguments));
  }

  private static String hex(String text) {
    return java.util.HexFormat.of()
        .formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
