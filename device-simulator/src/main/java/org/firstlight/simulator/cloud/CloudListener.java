package org.firstlight.simulator.cloud;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts {@code POST /devices/NAME} with {@code Authorization: Device BASE64} of the one right
 * credential (204), refuses all else (401). Keeps the names of those it let in.
 */
public final class CloudListener implements AutoCloseable {
  private final HttpServer http;
  private final byte[] credential;
  private final Set<String> accepted = new ConcurrentSkipListSet<>();
  private final AtomicInteger refused = new AtomicInteger();

  private CloudListener(HttpServer http, byte[] credential) {
    this.http = http;
    this.credential = credential.clone();
  }

  /** Listens on a free port of the loopback address. */
  public static CloudListener start(byte[] credential) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    CloudListener listener = new CloudListener(http, credential);
    http.createContext("/devices/", listener::handle);
    http.start();
    return listener;
  }

  public URI uri() {
    return URI.create("http://localhost:" + http.getAddress().getPort());
  }

  /** Endpoint names of the devices that came with the right credential. */
  public List<String> accepted() {
    return List.copyOf(accepted);
  }

  public int refused() {
    return refused.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().substring("/devices/".length());
      String header = exchange.getRequestHeaders().getFirst("Authorization");
      boolean right = exchange.getRequestMethod().equals("POST") && isRight(header);
      if (right) {
        accepted.add(name);
      } else {
        refused.incrementAndGet();
      }
      exchange.sendResponseHeaders(right ? 204 : 401, -1);
    }
  }

  private boolean isRight(@Nullable String header) {
    if (header == null || !header.startsWith("Device ")) {
      return false;
    }
    try {
      byte[] shown = Base64.getDecoder().decode(header.substring("Device ".length()));
      return MessageDigest.isEqual(credential, shown);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
