package org.firstlight.badluck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The wire between a client and a server on this machine: slow, cut, or pulled out. */
final class TcpProxy implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;
  private static final int UNHARMED = -1;
  private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int LARGEST_REST = 400;
  private static final byte[] FOLLOWS = "PSYNC".getBytes(StandardCharsets.US_ASCII);

  private volatile int target;
  private final ServerSocket listening;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean out;
  private volatile long delayNanos;
  private volatile long replicaDelayNanos;

  private TcpProxy(int port, int target) throws IOException {
    this.target = target;
    listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    daemon(this::accept, "proxy-" + port);
  }

  /** Listens on a port of its own, or on a given one, and leads to {@code target}. */
  static TcpProxy to(int target, int port) {
    try {
      return new TcpProxy(port, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Leads new connections to another server. */
  void leadTo(int port) {
    target = port;
  }

  /** What the server says arrives this much later, in order. */
  void delayReplies(Duration delay) {
    delayNanos = delay.toNanos();
  }

  /** What the server says to its replicas, and to nobody else, arrives this much later. */
  void delayReplicas(Duration delay) {
    replicaDelayNanos = delay.toNanos();
  }

  /** Every connection breaks, and no new one comes about until {@link #plugIn}. */
  void pullOut() {
    out = true;
    links.forEach(Link::close);
  }

  void plugIn() {
    out = false;
  }

  /**
   * Each connection breaks in the middle of what it carries next, in the one or other direction.
   */
  void cut(Random random) {
    links.forEach(
        link -> {
          AtomicInteger way = random.nextBoolean() ? link.requestsLeft : link.repliesLeft;
          way.set(1 + random.nextInt(400));
        });
  }

  int connections() {
    return links.size();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        welcome(listening.accept());
      } catch (IOException closed) {
        // and so the loop ends
      }
    }
  }

  private void welcome(Socket client) {
    try {
      if (!out) {
        new Link(client, new Socket(InetAddress.getLoopbackAddress(), target)).start();
        return;
      }
    } catch (IOException refused) {
      // the server is away: so is this connection
    }
    closeQuietly(client);
  }

  private record Chunk(long saidNanos, byte[] bytes) {}

  private final class Link {
    private final Socket client;
    private final Socket server;
    private final BlockingQueue<Chunk> replies = new LinkedBlockingQueue<>();
    private final AtomicInteger requestsLeft = new AtomicInteger(UNHARMED);
    private final AtomicInteger repliesLeft = new AtomicInteger(UNHARMED);
    private volatile boolean replicas;

    Link(Socket client, Socket server) throws IOException {
      this.client = client;
      this.server = server;
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    }

    void start() {
      links.add(this);
      daemon(this::carryRequests, "proxy-requests");
      daemon(this::takeReplies, "proxy-replies");
      daemon(this::carryReplies, "proxy-delay");
      if (out) {
        close();
      }
    }

    private void carryRequests() {
      byte[] buffer = new byte[CHUNK];
      try (this.client;
          this.server) {
        InputStream in = client.getInputStream();
        OutputStream to = server.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          replicas |= contains(buffer, read, FOLLOWS);
          if (!pass(requestsLeft, to, buffer, read)) {
            return;
          }
        }
      } catch (IOException broken) {
        // both ends learn of it
      } finally {
        close();
      }
    }

    private void takeReplies() {
      byte[] buffer = new byte[CHUNK];
      try {
        InputStream in = server.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          replies.add(new Chunk(System.nanoTime(), Arrays.copyOf(buffer, read)));
        }
      } catch (IOException broken) {
        // both ends learn of it
      } finally {
        replies.add(new Chunk(0, new byte[0]));
      }
    }

    private void carryReplies() {
      try {
        OutputStream to = client.getOutputStream();
        for (Chunk next = replies.take(); next.bytes().length > 0; next = replies.take()) {
          awaitDue(next);
          if (!pass(repliesLeft, to, next.bytes(), next.bytes().length)) {
            return;
          }
        }
      } catch (IOException | InterruptedException broken) {
        // both ends learn of it
      } finally {
        close();
      }
    }

    /** A delay that ends, ends for what is on its way as well. */
    private void awaitDue(Chunk next) throws InterruptedException {
      for (long left = left(next); left > 0; left = left(next)) {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, LONGEST_NAP_NANOS));
      }
    }

    private long left(Chunk next) {
      long delay = replicas ? replicaDelayNanos : delayNanos;
      return next.saidNanos() + delay - System.nanoTime();
    }

    /** False when the wire broke within these bytes. */
    private boolean pass(AtomicInteger left, OutputStream to, byte[] bytes, int length)
        throws IOException {
      int may = left.get();
      int passed = may == UNHARMED ? length : Math.min(length, may);
      to.write(bytes, 0, passed);
      if (may == UNHARMED) {
        return true;
      }
      left.addAndGet(-passed);
      return passed == length && left.get() > 0;
    }

    void close() {
      links.remove(this);
      closeQuietly(client);
      closeQuietly(server);
    }
  }

  private static boolean contains(byte[] buffer, int length, byte[] word) {
    for (int i = 0; i + word.length <= length; i++) {
      if (Arrays.equals(buffer, i, i + word.length, word, 0, word.length)) {
        return true;
      }
    }
    return false;
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pullOut();
  }
}
