package org.firstlight.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.net.URI;
import java.util.Base64;

/** What a client needs to come in, and ready command lines for the clients that people use. */
final class Instructions {
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final String OWN_CERTIFICATE = "client.der";
  private static final String OPERATIONAL_CERTIFICATE = "operational.der";

  private final JsonNode connection;
  private final String name;
  private final String credential;

  /**
   * @param connection as the API answered it
   */
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
    section(out, "bootstrap", connection.path("bootstrap"), OWN_CERTIFICATE);
    section(out, "DM server, directly", connection.path("dm"), OPERATIONAL_CERTIFICATE);
    if (credential.equals("certificate")) {
      files(out);
    }
    trustAnchor(out);
  }

  private void section(PrintStream out, String title, JsonNode server, String certificateFile) {
    if (server.isMissingNode() || server.isNull()) {
      return;
    }
    URI uri = URI.create(server.path("uri").asText());
    out.printf("%n== %s ==%n", title);
    out.println("  URI           " + uri);
    out.println("  host, port    " + uri.getHost() + ", " + uri.getPort());
    if (server.hasNonNull("identity")) {
      out.println("  PSK identity  " + server.path("identity").asText());
      out.println("  PSK key, hex  " + server.path("key").asText() + "   (shown this once)");
    }
    if (server.hasNonNull("certificate")) {
      out.println("  certificate   of the operational CA, over your client's key:");
      out.println(server.path("certificate").asText().strip());
    }
    boolean bootstrap = certificateFile.equals(OWN_CERTIFICATE);
    new CommandLines(name, bootstrap, server, certificateFile)
        .of(credential)
        .forEach((client, line) -> out.printf("  %-8s %s%n", client, line));
  }

  private static void files(PrintStream out) {
    out.println("\nfiles, as most clients want DER:");
    out.println("  openssl x509 -in YOUR_CERTIFICATE.pem -outform der -out client.der");
    out.println(
        "  openssl pkcs8 -topk8 -nocrypt -in YOUR_KEY.pem -outform der -out client.key.der");
    out.println("  openssl x509 -outform der -out operational.der   (paste the certificate above)");
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
}
