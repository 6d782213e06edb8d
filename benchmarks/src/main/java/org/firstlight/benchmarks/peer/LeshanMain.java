package org.firstlight.benchmarks.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.leshan.core.endpoint.Protocol;
import org.eclipse.leshan.core.observation.Observation;
import org.eclipse.leshan.core.request.ObserveRequest;
import org.eclipse.leshan.server.LeshanServer;
import org.eclipse.leshan.server.LeshanServerBuilder;
import org.eclipse.leshan.server.californium.endpoint.CaliforniumServerEndpointsProvider;
import org.eclipse.leshan.server.redis.RedisRegistrationStore;
import org.eclipse.leshan.server.registration.Registration;
import org.eclipse.leshan.server.registration.RegistrationListener;
import org.eclipse.leshan.server.registration.RegistrationUpdate;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.JedisPoolConfig;

/** A Leshan server without security, listeners that do nothing, and one of Leshan's own stores. */
@SuppressWarnings("deprecation") // the pool that Leshan asks for; our own Jedis is newer
public final class LeshanMain {
  private static final int TUNED_THREADS = 16;
  private static final int TUNED_CONNECTIONS = 32;
  private static final int TUNED_CLEAN_SECONDS = 1;
  private static final int TUNED_CLEAN_LIMIT = 100_000;
  private static final int OBSERVES_UNDER_WAY = 128;
  private static final long PATIENCE_MS = 30_000;

  private final LeshanServer server;
  private final AtomicLong expired = new AtomicLong();

  private LeshanMain(LeshanServer server) {
    this.server = server;
    server.getRegistrationService().addListener(new Counting());
  }

  /**
   * @param arguments {@code memory}, {@code stock} or {@code tuned}; the port; the port of Redis
   */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[1]);
    int redis = Integer.parseInt(arguments[2]);
    LeshanServerBuilder builder = new LeshanServerBuilder();
    boolean tuned = arguments[0].equals("tuned");
    if (tuned) {
      JedisPoolConfig pool = new JedisPoolConfig();
      pool.setMaxTotal(TUNED_CONNECTIONS);
      pool.setMaxIdle(TUNED_CONNECTIONS);
      builder.setRegistrationStore(
          new RedisRegistrationStore.Builder(new JedisPool(pool, "127.0.0.1", redis))
              .setCleanPeriod(TUNED_CLEAN_SECONDS)
              .setCleanLimit(TUNED_CLEAN_LIMIT)
              .build());
    } else if (arguments[0].equals("stock")) {
      builder.setRegistrationStore(
          new RedisRegistrationStore.Builder(new JedisPool("127.0.0.1", redis)).build());
    }
    builder.setEndpointsProviders(endpoints(port, tuned));
    LeshanServer server = builder.build();
    LeshanMain main = new LeshanMain(server);
    server.start();
    System.out.println("ready");
    main.obey();
    server.destroy();
  }

  private static CaliforniumServerEndpointsProvider endpoints(int port, boolean tuned) {
    var endpoints = new CaliforniumServerEndpointsProvider.Builder();
    Configuration configuration = endpoints.createDefaultConfiguration();
    if (tuned) {
      configuration.set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, TUNED_THREADS);
    }
    return endpoints
        .setConfiguration(configuration)
        .addEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Protocol.COAP)
        .build();
  }

  /** {@code observe N}, {@code list N}, {@code expired}: each is answered by a number. */
  private void obey() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "observe" -> System.out.println(observe(Integer.parseInt(words[1])));
        case "list" -> System.out.println(list(Integer.parseInt(words[1])));
        case "expired" -> System.out.println(expired.get());
        default -> System.out.println("?");
      }
    }
  }

  /** Milliseconds that it takes to observe a value of so many devices. */
  private double observe(int count) {
    Semaphore free = new Semaphore(OBSERVES_UNDER_WAY);
    long begun = System.nanoTime();
    Iterator<Registration> all = server.getRegistrationService().getAllRegistrations();
    for (int i = 0; i < count && all.hasNext(); i++) {
      free.acquireUninterruptibly();
      server.send(
          all.next(),
          new ObserveRequest(3, 0, 9),
          PATIENCE_MS,
          response -> free.release(),
          fault -> free.release());
    }
    free.acquireUninterruptibly(OBSERVES_UNDER_WAY);
    return (System.nanoTime() - begun) / 1e6;
  }

  /** Milliseconds that it takes to find each n-th device. */
  private double list(int every) {
    long begun = System.nanoTime();
    long found = 0;
    Iterator<Registration> all = server.getRegistrationService().getAllRegistrations();
    while (all.hasNext()) {
      String name = all.next().getEndpoint();
      if (Integer.parseInt(name.substring(name.lastIndexOf('-') + 1)) % every == 0) {
        found++;
      }
    }
    if (found == 0) {
      throw new IllegalStateException("no such registration");
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  private final class Counting implements RegistrationListener {
    @Override
    public void registered(
        Registration registration, Registration before, Collection<Observation> observations) {}

    @Override
    public void updated(
        RegistrationUpdate update, Registration registration, Registration before) {}

    @Override
    public void unregistered(
        Registration registration,
        Collection<Observation> observations,
        boolean hasExpired,
        Registration after) {
      if (hasExpired) {
        expired.incrementAndGet();
      }
    }
  }
}
