package org.firstlight.kit.http;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.json.JavalinJackson;
import java.net.URI;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.firstlight.kit.config.HttpConfig;

/**
 * One HTTP listener with the house's manners: it binds to loopback unless TLS or a trusted proxy is
 * configured, limits bodies, sets the security headers and answers every error as a {@link
 * Problem}.
 */
public final class HttpServer implements AutoCloseable {
  private static final int MAX_THREADS = 64;

  private final Javalin javalin;
  private final URI uri;

  private HttpServer(Javalin javalin, URI uri) {
    this.javalin = javalin;
    this.uri = uri;
  }

  /** What is served, and how. */
  public static final class Builder {
    private final HttpConfig http;
    private long maxBodyBytes = 1024 * 1024;
    private boolean console;
    private Consumer<RoutesConfig> routes = routes -> {};

    private Builder(HttpConfig http) {
      this.http = http;
    }

    /** The largest body that is read, 1 MiB unless said otherwise; beyond it is a 413. */
    public Builder maxBodyBytes(long bytes) {
      this.maxBodyBytes = bytes;
      return this;
    }

    /** Serves the console from the class path, {@code /console}, where the build has it. */
    public Builder console() {
      this.console = true;
      return this;
    }

    /** Adds routes; may be called more than once. */
    public Builder routes(Consumer<RoutesConfig> more) {
      this.routes = routes.andThen(more);
      return this;
    }

    public HttpServer start() {
      Javalin javalin = Javalin.create(this::configure);
      javalin.start();
      String scheme = http.tls().isPresent() ? "https" : "http";
      String host = http.host().contains(":") ? "[" + http.host() + "]" : http.host();
      return new HttpServer(javalin, URI.create(scheme + "://" + host + ":" + javalin.port()));
    }

    private void configure(JavalinConfig config) {
      config.startup.showJavalinBanner = false;
      config.jsonMapper(new JavalinJackson(Json.shared(), false));
      config.http.maxRequestSize = maxBodyBytes;
      config.http.strictContentTypes = true;
      config.http.prefer405over404 = true;
      config.jetty.threadPool = threads();
      Listener.add(config, http);
      Manners.add(config, http);
      Problems.add(config);
      if (console) {
        Console.add(config);
      }
      routes.accept(config.routes);
    }

    private static QueuedThreadPool threads() {
      QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
      threads.setName("http");
      return threads;
    }
  }

  public static Builder on(HttpConfig http) {
    return new Builder(http);
  }

  /** Where it listens, with the real port; not the public URL. */
  public URI uri() {
    return uri;
  }

  public int port() {
    return javalin.port();
  }

  @Override
  public void close() {
    javalin.stop();
  }
}
